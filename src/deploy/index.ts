/** Putting what a pool's directory holds where it belongs, until its workers are seen. */
export { deployInputs } from './inputs.ts';
export { createDeployment, type Deployment, WAIT } from './parts.ts';
