/** Spacelift's API: accounts, worker pools, workers. */
export type { ListedPool, QueuedRun, WatchedPool, Worker, WorkerPool } from './api/worker-pools.ts';
export { SPACELIFT_CLI_COMMANDS, SPACELIFT_CLI_INSTALL } from './cli/commands.ts';
export { findSpacectls, findSpaceliftCli, type NamedSpacectl } from './cli/find.ts';
export {
  deleteRetiredPool,
  drainPool,
  findRetiredPool,
  folderTokenState,
  hasCredentials,
  knownPools,
  standingOf,
  waitUntilPoolIdle,
  watchArrival,
} from './lazy.ts';
export { accountProfile, apiEndpoint, login, lookUpSpaces, profile } from './login/inputs.ts';
export { allProfiles, currentProfile, exportedToken, identity } from './login/profile-inquiries.ts';
export { loginProfile, logoutProfile, selectProfile } from './login/profile-steps.ts';
export type { ListedProfile } from './login/profiles.ts';
export { isPoolId, parsePoolId } from './pool-id.ts';
export { poolSource, poolToUse } from './pool-source.ts';
export { createWorkerPool } from './pools/create-step.ts';
export { deleteWorkerPool } from './pools/delete-step.ts';
export { confirm, onePool, patience, poolId, poolIdOrName, poolName } from './pools/inputs.ts';
export { allPools, openedPool, shownPool, watchedPool } from './pools/inquiries.ts';
export type { RetiredPool } from './pools/retired-pool.ts';
export type { PoolStanding } from './pools/standing.ts';
export { updateWorkerPool } from './pools/update-step.ts';
export { fetchPoolToken } from './tokens/fetch-token-step.ts';
export { adoptWorkerPool, resetWorkerPool } from './tokens/reset-step.ts';
export { rotateKey } from './tokens/rotate-step.ts';
export { workerPool } from './tokens/token-step.ts';
export { keypairVerification } from './tokens/verify-keypair.ts';
export { cycleWorkerPool } from './workers/cycle-step.ts';
export { readMetadata } from './workers/metadata.ts';
export type { Arrived, WatchedArrival } from './workers/new-workers.ts';
export { drainWorker, undrainWorker } from './workers/steps.ts';
