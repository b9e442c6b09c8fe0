import { runProgram } from '../../programs/index.ts';
import type { RenderedHost } from '../../render/index.ts';
import type { Planner } from '../../step/plan.ts';
import { isMissingProgram } from '../programs.ts';
import type { InstallValues } from './inputs.ts';
import { isThere } from './install-record.ts';

/** Token and private key, as they are. */
export const SECRETS = '/etc/spacelift/secrets.env';
/** Where the installer puts the secrets that it encrypts on this machine. */
export const SEALED = '/etc/spacelift/secrets.env.cred';
/** What may hold the only copy of the private key: it goes only where that was asked for. */
export const KEY_FILES: readonly string[] = [SECRETS, SEALED];

/** Whether the installer encrypts the secrets on this machine, rather than putting them there as they are. */
export function isSealed(values: InstallValues): boolean {
  return values.secrets === 'encrypted' && values['secrets-from'] === undefined;
}

/** Whether what is encrypted on this machine is what would be, if anything: only the machine itself can tell (systemd-creds(1)). */
export async function holdsSealed(
  values: InstallValues,
  secrets: RenderedHost['secrets'],
  { signal }: Planner,
): Promise<boolean> {
  if (!isSealed(values) || values.root !== undefined || !secrets) return true;
  try {
    const decrypt = ['decrypt', '--name=secrets.env', SEALED, '-'];
    const { exitCode, stdout } = await runProgram('systemd-creds', decrypt, { signal });
    return exitCode === 0 && stdout.equals(Buffer.from(await secrets.content.bytes()));
  } catch (error) {
    if (isMissingProgram(error)) return false;
    throw error;
  }
}

/** Files with the secrets in them that the service has in another way from now on. */
export async function supersededSecrets(values: InstallValues, hasSecrets: boolean): Promise<readonly string[]> {
  const { root } = values;
  const there = await Promise.all(KEY_FILES.map((file) => isThere(file, root)));
  const [hasPlain = false, hasSealed = false] = there;
  if (values['secrets-from'] !== undefined) return KEY_FILES.filter((_, index) => there[index]);
  if (!isSealed(values)) return hasSealed && (hasSecrets || hasPlain) ? [SEALED] : [];
  // A tree that does not run has no key to encrypt with yet.
  return hasPlain && root === undefined && (hasSecrets || hasSealed) ? [SECRETS] : [];
}
