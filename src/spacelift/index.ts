/** Spacelift's API: accounts, worker pools, workers. */
export type { Worker, WorkerPool } from './api/worker-pools.ts';
export { poolId, poolSource, poolToUse } from './inputs.ts';
export { allProfiles, currentProfile, exportedToken, identity } from './login/profile-inquiries.ts';
export { loginProfile, logoutProfile, selectProfile } from './login/profile-steps.ts';
export type { ListedProfile } from './login/profiles.ts';
export { parsePoolId } from './pool-id.ts';
export { createWorkerPool } from './pools/create-step.ts';
export { cycleWorkerPool } from './pools/cycle-step.ts';
export { deleteWorkerPool } from './pools/delete-step.ts';
export { allPools, shownPool, watchedPool } from './pools/inquiries.ts';
export { adoptWorkerPool, resetWorkerPool } from './pools/reset-step.ts';
export { rotateKey } from './pools/rotate-step.ts';
export { workerPool } from './pools/token-step.ts';
export { updateWorkerPool } from './pools/update-step.ts';
export { keypairVerification } from './pools/verify-keypair.ts';
export { readMetadata } from './pools/worker-metadata.ts';
export { drainWorker, undrainWorker } from './pools/worker-steps.ts';
export {
  findSpacectls,
  findSpaceliftCli,
  type NamedSpacectl,
  SPACELIFT_CLI_COMMANDS,
  SPACELIFT_CLI_INSTALL,
} from './spacelift-cli.ts';
