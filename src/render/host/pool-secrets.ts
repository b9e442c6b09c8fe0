import path from 'node:path';
import { encodeBase64, KEY_FILE } from '../../pki/index.ts';
import { readPoolToken } from '../../pool-folder/index.ts';
import { type Content, derive } from '../../step/content.ts';
import type { Planner } from '../../step/plan.ts';
import { formatEnvironmentFile } from '../format/environment-file.ts';

/** The secrets that make a launcher a worker of its pool, both in base64 on one line, as the launcher reads them. */
export interface PoolSecrets {
  readonly token: string;
  /** The whole PEM file. */
  readonly privateKey: string;
}

/** Formats the secrets of the pool in a folder. Returns `undefined` until the token and the key both exist. */
export async function formatSecrets(
  dir: string,
  planner: Planner,
  format: (secrets: PoolSecrets) => string | Promise<string>,
): Promise<Content | undefined> {
  const token = await readPoolToken(dir, planner);
  const key = await planner.read(path.join(dir, KEY_FILE));
  if (!token || !key) return undefined;
  return derive([token, key], (tokenBytes, keyBytes) =>
    format({
      token: Buffer.from(tokenBytes).toString('latin1').replace(/\s+/g, ''),
      privateKey: encodeBase64(keyBytes),
    }),
  );
}

/** Renders `secrets.env`. systemd, Docker and Compose read quotes differently; base64 needs none. */
export async function secretsFile(dir: string, planner: Planner) {
  const content = await formatSecrets(dir, planner, ({ token, privateKey }) =>
    formatEnvironmentFile({ SPACELIFT_TOKEN: token, SPACELIFT_POOL_PRIVATE_KEY: privateKey }),
  );
  return content && { name: 'secrets.env', mode: 0o600, isSecret: true, content };
}
