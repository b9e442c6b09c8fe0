import type { HttpClient } from '../http/index.ts';
import type { Planner } from '../step/plan.ts';
import type { InstalledLauncher, KeyState } from './describe.ts';
import type { FoundLauncher, LauncherValues } from './find.ts';
import type { KeyRequest } from './signing-key.ts';

/** What an installed launcher is; `undefined` where there is none. */
export async function describeLauncher(file: string): Promise<InstalledLauncher | undefined> {
  return (await import('./describe.ts')).describeLauncher(file);
}

/** The state of the key that signs launchers. @throws UserError as where a launcher is downloaded */
export async function describeSigningKey(
  request: KeyRequest,
  client: HttpClient,
  signal: AbortSignal,
): Promise<KeyState> {
  return (await import('./describe.ts')).describeSigningKey(request, client, signal);
}

/** The verified launcher, as a plan may write it to `target`. @throws UserError as `spacectl launcher download` */
export async function findLauncher(values: LauncherValues, target: string, planner: Planner): Promise<FoundLauncher> {
  return (await import('./find.ts')).findLauncher(values, target, planner);
}
