/** Deploys what is rendered in a pool's directory, and waits for its workers. */
export { deployInputs, sshInputs } from './inputs.ts';
export { hostReports } from './lazy.ts';
export { canDeploy, canDeployAfter } from './offer.ts';
export { createDeployment, type Deployment, WAIT } from './parts.ts';
