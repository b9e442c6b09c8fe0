/** What is rendered for hosts: one step a target, the table of targets, and what the host commands need of it. */
export { EXAMPLE_HOST, INVENTORY_GROUP, ROLE_FOLDER } from './ansible/names.ts';
export { ansible } from './ansible/step.ts';
export { createsPool } from './cloud/inputs.ts';
export { cloudInit } from './cloud-init/step.ts';
export { COMMS_PROTOCOL, COMMS_URL } from './comms/variables.ts';
export { docker } from './docker/step.ts';
export { ecs } from './ecs/step.ts';
export { type ParsedEnvironment, parseEnvironmentFile } from './format/environment-reader.ts';
export type { HostFile } from './host/host-file.ts';
export type { HostFiles as RenderedHost } from './host/host-files.ts';
export { hostInputs } from './host/inputs.ts';
export { renderedRelease, renderHost } from './lazy.ts';
export { systemd } from './systemd/step.ts';
export {
  isConfiguration,
  TARGETS,
  type Target,
  type TargetName,
  target,
  targetParts,
} from './targets.ts';
export { rendersPool, storedSecretRemovals } from './teardown/stored-secrets.ts';
export { terraformCloud, terraformParts } from './terraform/clouds.ts';
