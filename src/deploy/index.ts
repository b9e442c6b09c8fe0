/** Deploys what is rendered in a pool's directory, and waits for its workers. */
export { deployInputs, sshInputs } from './inputs.ts';
export { canDeploy, hostReports } from './lazy.ts';
export { canDeployAfter } from './offer.ts';
export { createDeployment, type Deployment, WAIT } from './parts.ts';
