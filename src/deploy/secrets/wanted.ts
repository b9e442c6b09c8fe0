import path from 'node:path';
import { rememberSecret } from '../../core/secrets.ts';
import { encodeBase64, KEY_FILE } from '../../pki/index.ts';
import { readPoolToken } from '../../pool-folder/index.ts';
import type { Planner } from '../../step/plan.ts';

/** The secrets of a pool, as its directory has them, in base64 on one line. */
interface PoolSecrets {
  readonly token: string | undefined;
  readonly privateKey: string | undefined;
}

/** What the rendered variables NAME_secret_name refer to (`secretVariable` in src/render/cloud/secrets.ts). */
const VALUES = {
  token: ({ token }) => token,
  private_key: ({ privateKey }) => privateKey,
  // One secret with both, before v7 of the AWS module.
  workers: ({ token, privateKey }) =>
    token && privateKey && JSON.stringify({ SPACELIFT_TOKEN: token, SPACELIFT_POOL_PRIVATE_KEY: privateKey }),
} as const satisfies Record<string, (secrets: PoolSecrets) => string | undefined>;

/** The name of a secret in the variables of a configuration. */
export type WantedName = keyof typeof VALUES;

/** Returns which secrets a configuration has variables for. */
export function wantedIn(variables: string): readonly WantedName[] {
  const names = Object.keys(VALUES) as readonly WantedName[];
  return names.filter((name) => new RegExp(`^variable "${name}_secret_name" `, 'm').test(variables));
}

/** Returns the value of a secret; `undefined` if the pool's directory does not have it. */
export async function secretValue(dir: string, name: WantedName, planner: Planner): Promise<string | undefined> {
  const token = await (await readPoolToken(dir, planner))?.bytes();
  const key = await (await planner.read(path.join(dir, KEY_FILE)))?.bytes();
  const value = VALUES[name]({
    token: token && Buffer.from(token).toString('latin1').replace(/\s+/g, ''),
    privateKey: key && encodeBase64(key),
  });
  return value === undefined || value === '' ? undefined : rememberSecret(value);
}
