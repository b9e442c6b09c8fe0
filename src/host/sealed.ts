import { runProgram } from '../programs/index.ts';
import type { RenderedHost } from '../render/index.ts';
import type { Planner } from '../step/plan.ts';
import { isMissingProgram } from './programs.ts';
import { isThere } from './recorded.ts';
import { type InstallValues, SECRETS } from './rendered.ts';

/** Where the installer puts the secrets that it encrypts on this machine. */
const SEALED = '/etc/spacelift/secrets.env.cred';

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

/** Whether the secrets lie on the host as they are, and the service will have them in another way. */
export async function isSuperseded(values: InstallValues, hasSecrets: boolean): Promise<boolean> {
  if (!(await isThere(SECRETS, values.root))) return false;
  if (values['secrets-from'] !== undefined) return true;
  // A tree that does not run has no key to encrypt with yet.
  return isSealed(values) && values.root === undefined && (hasSecrets || (await isThere(SEALED, undefined)));
}
