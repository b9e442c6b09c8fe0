import path from 'node:path';
import { wordFor } from '../../core/words.ts';
import { KEY_FILE } from '../../pki/index.ts';
import { tokenFileIn } from '../../pool-folder/index.ts';
import type { Variable } from '../format/hcl/variables.ts';
import type { Pool } from './pool.ts';

/** A secret of the pool that somebody puts into a cloud's store before the configuration is applied. */
export interface StoredSecret {
  /** As it is called in names of variables. */
  readonly name: 'token' | 'private_key';
  readonly holds: string;
  /** The shell word for the file to store as it is; absent where a command makes it. */
  readonly file?: string;
  /** The shell command that writes it to its standard output. */
  readonly command: string;
}

/** The secrets to store: the token is not among them where the configuration creates the pool, and so gets it itself. */
export function secretsToStore({ isCreated }: Pool, dir: string): readonly StoredSecret[] {
  const file = wordFor(tokenFileIn(dir));
  const encode = `spacectl keypair encode ${wordFor(path.join(dir, KEY_FILE))}`;
  const key = { name: 'private_key', holds: 'the private key, base64 on one line', command: encode } as const;
  return isCreated ? [key] : [{ name: 'token', holds: 'the token', file, command: `cat ${file}` }, key];
}

/** Where a cloud keeps secrets, and what they may be called there (RE2). */
export interface SecretStore {
  readonly title: string;
  readonly pattern: string;
}

/** The variable with the name of a secret, whose default is the name that the printed commands give it. */
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
