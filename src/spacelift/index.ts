/** Spacelift's API: accounts, worker pools, workers. */
export type { ListedPool, QueuedRun, WatchedPool, Worker, WorkerPool } from './api/worker-pools.ts';
export { SPACELIFT_CLI_COMMANDS, SPACELIFT_CLI_INSTALL } from './cli/commands.ts';
export { findSpacectls, findSpaceliftCli, type NamedSpacectl } from './cli/find.ts';
export {
  accountProfile,
  confirm,
  login,
  lookUpSpaces,
  onePool,
  patience,
  poolId,
  poolIdOrName,
  poolName,
  profile,
} from './inputs.ts';
export { allProfiles, currentProfile, exportedToken, identity } from './login/profile-inquiries.ts';
export { loginProfile, logoutProfile, selectProfile } from './login/profile-steps.ts';
export type { ListedProfile } from './login/profiles.ts';
export { parsePoolId } from './pool-id.ts';
export { poolSource, poolToUse } from './pool-source.ts';
export { createWorkerPool } from './pools/create-step.ts';
export { cycleWorkerPool } from './pools/cycle-step.ts';
export { deleteWorkerPool } from './pools/delete-step.ts';
export { fetchPoolToken } from './pools/fetch-token-step.ts';
export { allPools, openedPool, shownPool, watchedPool } from './pools/inquiries.ts';
export {
  deleteRetiredPool,
  drainPool,
  findRetiredPool,
  folderTokenState,
  knownPools,
  standingOf,
  waitUntilPoolIdle,
  watchArrival,
} from './pools/lazy.ts';
export type { Arrived, WatchedArrival } from './pools/new-workers.ts';
export { adoptWorkerPool, resetWorkerPool } from './pools/reset-step.ts';
export type { RetiredPool } from './pools/retired-pool.ts';
export { rotateKey } from './pools/rotate-step.ts';
export type { PoolStanding } from './pools/standing.ts';
export { workerPool } from './pools/token-step.ts';
export { updateWorkerPool } from './pools/update-step.ts';
export { keypairVerification } from './pools/verify-keypair.ts';
export { readMetadata } from './pools/worker-metadata.ts';
export { drainWorker, undrainWorker } from './pools/worker-steps.ts';
