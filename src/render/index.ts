import type { Values } from '../step/input.ts';
import type { Planner } from '../step/plan.ts';
import type { HostDefaults, HostFiles } from './host/host-files.ts';
import type { hostInputs } from './host/inputs.ts';

/** What other nouns may use of this one. Machinery is behind functions that load it when called. */
export { COMMS_PROTOCOL, COMMS_URL } from './comms/variables.ts';
export { type ParsedEnvironment, parseEnvironmentFile } from './format/environment-reader.ts';
export type { HostFile, HostFiles as RenderedHost } from './host/host-files.ts';
export { hostInputs } from './host/inputs.ts';

/** Everything that goes to a host, with the place of each file there. @throws UserError as `spacectl render systemd` */
export async function renderHost(
  values: Values<typeof hostInputs>,
  planner: Planner,
  defaults: HostDefaults,
): Promise<HostFiles> {
  return (await import('./host/host-files.ts')).renderHostFiles(values, planner, defaults);
}
