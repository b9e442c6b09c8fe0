import type { Values } from '../step/input.ts';
import type { Planner } from '../step/plan.ts';
import type { HostDefaults, HostFiles } from './host/host-files.ts';
import type { hostInputs } from './host/inputs.ts';

/** Renders everything that goes to a host, with the place of each file there. @throws UserError as `spacectl render systemd` */
export async function renderHost(
  values: Values<typeof hostInputs>,
  planner: Planner,
  defaults: HostDefaults,
): Promise<HostFiles> {
  return (await import('./host/host-files.ts')).renderHostFiles(values, planner, defaults);
}

/** Returns the release of Spacelift's module in a rendered configuration, and the newest that is known of it. */
export async function renderedRelease(folder: string): Promise<{ used: string; newest: string } | undefined> {
  return (await import('./terraform/rendered-release.ts')).renderedRelease(folder);
}
