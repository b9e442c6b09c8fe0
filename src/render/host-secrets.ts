import path from 'node:path';
import { encodeBase64, KEY_FILE } from '../pki/index.ts';
import { type Content, derive } from '../step/content.ts';
import type { Planner } from '../step/plan.ts';
import { formatEnvironmentFile } from './environment-file.ts';
import type { HostFile } from './host-files.ts';
import { HEADER } from './template.ts';

/**
 * Token and private key as one environment file; nothing until there are both. The key is in the form the launcher takes:
 * base64 of the whole PEM file, on one line.
 */
export async function secretsFor(
  dir: string,
  token: Content | undefined,
  planner: Planner,
): Promise<HostFile | undefined> {
  const key = await planner.read(path.join(dir, KEY_FILE));
  if (!token || !key) return undefined;
  const content = await derive([token, key], (tokenBytes, keyBytes) =>
    formatEnvironmentFile(
      {
        SPACELIFT_TOKEN: Buffer.from(tokenBytes).toString('latin1').replace(/\s+/g, ''),
        SPACELIFT_POOL_PRIVATE_KEY: encodeBase64(keyBytes),
      },
      HEADER,
    ),
  );
  return { name: 'secrets.env', mode: 0o600, isSecret: true, content };
}
