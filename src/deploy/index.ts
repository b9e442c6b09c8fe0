/** Putting what a pool's directory holds where it belongs, until its workers are seen. */
export { deployInputs, sshInputs } from './inputs.ts';
export { canDeploy, hostVerdicts } from './lazy.ts';
export { createDeployment, type Deployment, WAIT } from './parts.ts';
