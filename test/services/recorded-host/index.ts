/** A host in memory, healthy until a test breaks it. */
export { healthyHost } from './healthy.ts';
export { launcherBytes, poolToken } from './pool.ts';
export { ago, PID, type RecordedHost, seconds, USER } from './type.ts';
