import type { HttpClient } from '../http/index.ts';
import type { Planner } from '../step/plan.ts';
import type { InstalledLauncher, KeyState } from './describe.ts';
import type { FoundLauncher, LauncherValues } from './find.ts';
import type { KeyRequest } from './signing-key.ts';

/** Describes an installed launcher. @returns `undefined` if it does not exist */
export async function describeLauncher(file: string): Promise<InstalledLauncher | undefined> {
  return (await import('./describe.ts')).describeLauncher(file);
}

/** Describes the key that signs launchers. @throws UserError as `spacectl launcher download` */
export async function describeSigningKey(
  request: KeyRequest,
  client: HttpClient,
  signal: AbortSignal,
): Promise<KeyState> {
  return (await import('./describe.ts')).describeSigningKey(request, client, signal);
}

/** Finds the launcher that a plan can write to `target`. @throws UserError as `spacectl launcher download` */
export async function findLauncher(
  values: LauncherValues,
  target: string,
  planner: Planner,
  folder?: string,
): Promise<FoundLauncher> {
  return (await import('./find.ts')).findLauncher(values, target, planner, folder);
}

/** Returns the public bytes of a usable signing key that is given or kept, armored. @throws UserError for a bad file */
export async function keptSigningKey(
  request: Pick<KeyRequest, 'fingerprint' | 'file' | 'folder'>,
): Promise<string | undefined> {
  return (await import('./signing-key.ts')).keptSigningKey(request);
}
