import path from 'node:path';
import { UserError } from '../../../core/errors.ts';
import { encodeBase64, isTokenForKey, KEY_FILE, readToken, type Token } from '../../../pki/index.ts';
import { tokenFileIn } from '../../../pool-folder/index.ts';
import type { HostReader, Variables } from '../reader.ts';

/** Token and private key, and whether they belong together. */
export interface Secrets {
  /** Where they are: an environment file, or the pool's directory. */
  readonly origin: string;
  readonly hasToken: boolean;
  readonly hasKey: boolean;
  /** Whether the key is the base64 of a PEM private key. */
  readonly isKeyReadable: boolean;
  readonly token: Token | undefined;
  /** Whether the token was issued for the key; `undefined` if nothing shows it. */
  readonly match: boolean | undefined;
  /** Why token or key cannot be read. */
  readonly problem: string | undefined;
}

/** Returns token and key of a pool's directory as the launcher gets them. */
export async function poolSecrets(reader: HostReader, dir: string): Promise<Variables | undefined> {
  const [token, key] = await Promise.all([tokenFileIn(dir), path.join(dir, KEY_FILE)].map((file) => reader.read(file)));
  if (!token && !key) return undefined;
  return {
    ...(token && { SPACELIFT_TOKEN: token.toString('latin1').trim() }),
    ...(key && { SPACELIFT_POOL_PRIVATE_KEY: encodeBase64(key) }),
  };
}

/** Examines token and key. @param origin where they are @returns `undefined` without either */
export async function examineSecrets(origin: string, variables: Variables | undefined): Promise<Secrets | undefined> {
  if (!variables) return undefined;
  const { SPACELIFT_TOKEN: text = '', SPACELIFT_POOL_PRIVATE_KEY: key = '' } = variables;
  const pem = Buffer.from(key, 'base64');
  const found = {
    origin,
    hasToken: text !== '',
    hasKey: key !== '',
    isKeyReadable: pem.includes('PRIVATE KEY-----'),
    token: undefined,
    match: undefined,
    problem: undefined,
  };
  try {
    const token = found.hasToken ? readToken(Buffer.from(text)) : undefined;
    if (!token || !found.isKeyReadable) return { ...found, token };
    try {
      const named = { name: 'SPACELIFT_POOL_PRIVATE_KEY', bytes: pem };
      return { ...found, token, match: await isTokenForKey(Buffer.from(text), { key: named }) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { ...found, token, problem: error.message };
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...found, problem: error.message };
  }
}
