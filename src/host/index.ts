/** This machine as a worker host: install, update, diagnose. */
export { type Diagnosis, doctor } from './doctor/doctor.ts';
export { hostInstall } from './install/install-step.ts';
export { hostUninstall } from './install/uninstall-step.ts';
export { hostUpdate } from './install/update-step.ts';
export { type HostStatus, hostStatus } from './status.ts';
export { type WorkerReport, workerReport } from './worker-check.ts';
