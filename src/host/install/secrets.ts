import { runProgram } from '../../programs/index.ts';
import type { RenderedHost } from '../../render/index.ts';
import type { Planner } from '../../step/plan.ts';
import { isMissingProgram } from '../programs.ts';
import type { InstallValues } from './inputs.ts';
import { exists } from './install-record.ts';

/** Token and private key, unencrypted. */
export const SECRETS = '/etc/spacelift/secrets.env';
/** Token and private key, which the installer encrypts on this machine. */
export const ENCRYPTED_SECRETS = '/etc/spacelift/secrets.env.cred';
/** Files that may hold the only copy of the private key: removed only on request. */
export const SECRET_FILES: readonly string[] = [SECRETS, ENCRYPTED_SECRETS];

/** Reports whether the installer encrypts the secrets on this machine. */
export function encryptsSecrets(values: InstallValues): boolean {
  return values.secrets === 'encrypted' && values['secrets-from'] === undefined;
}

/** Reports whether the encrypted secrets are up to date, if there should be any. Only the machine itself can decrypt them. */
export async function areEncryptedSecretsCurrent(
  values: InstallValues,
  secrets: RenderedHost['secrets'],
  { signal }: Planner,
): Promise<boolean> {
  if (!encryptsSecrets(values) || values.root !== undefined || !secrets) return true;
  try {
    const decrypt = ['decrypt', '--name=secrets.env', ENCRYPTED_SECRETS, '-'];
    const { exitCode, stdout } = await runProgram('systemd-creds', decrypt, { signal });
    return exitCode === 0 && stdout.equals(Buffer.from(await secrets.content.bytes()));
  } catch (error) {
    if (isMissingProgram(error)) return false;
    throw error;
  }
}

/** Lists files with secrets that the service no longer uses. */
export async function supersededSecrets(values: InstallValues, hasSecrets: boolean): Promise<readonly string[]> {
  const { root } = values;
  const present = await Promise.all(SECRET_FILES.map((file) => exists(file, root)));
  const [hasPlain = false, hasEncrypted = false] = present;
  if (values['secrets-from'] !== undefined) return SECRET_FILES.filter((_, index) => present[index]);
  if (!encryptsSecrets(values)) return hasEncrypted && (hasSecrets || hasPlain) ? [ENCRYPTED_SECRETS] : [];
  // A tree that does not run has no key for encryption yet.
  return hasPlain && root === undefined && (hasSecrets || hasEncrypted) ? [SECRETS] : [];
}
