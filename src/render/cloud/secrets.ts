import path from 'node:path';
import { portablePath } from '../../core/portable-path.ts';
import { quoteIfNeededForPosix } from '../../core/text.ts';
import { KEY_FILE } from '../../pki/index.ts';
import { tokenFileIn } from '../../pool-folder/index.ts';
import type { Variable } from '../format/hcl/variables.ts';
import type { Pool } from './pool.ts';

/** A secret of the pool that the user puts into a cloud's store before applying the configuration. */
export interface StoredSecret {
  /** Its name in variables. */
  readonly name: 'token' | 'private_key';
  readonly holds: string;
  /** The file to store as it is, as a shell word; absent if a command prints the secret. */
  readonly file?: string;
  /** The shell command that prints it. */
  readonly command: string;
}

/** Returns the secrets to store. A configuration that creates the pool stores the token itself. */
export function secretsToStore({ isCreated }: Pool, dir: string): readonly StoredSecret[] {
  const file = quoteIfNeededForPosix(portablePath(tokenFileIn(dir)));
  const encode = `spacectl keypair encode ${quoteIfNeededForPosix(portablePath(path.join(dir, KEY_FILE)))}`;
  const key = { name: 'private_key', holds: 'the private key, base64 on one line', command: encode } as const;
  return isCreated ? [key] : [{ name: 'token', holds: 'the token', file, command: `cat ${file}` }, key];
}

/** A cloud's secret store, and the pattern of names in it (RE2). */
export interface SecretStore {
  readonly title: string;
  readonly pattern: string;
}

/** Returns the variable for the name of a secret. Its default is the name that the printed commands use. */
export function secretVariable(
  { title, pattern }: SecretStore,
  { name, holds }: { readonly name: string; readonly holds: string },
  value: string,
): Variable {
  return {
    name: `${name}_secret_name`,
    type: 'string',
    description: `Name of the secret in ${title} that holds ${holds}`,
    value,
    example: value,
    pattern: [pattern, 'the name of a secret'],
  };
}
