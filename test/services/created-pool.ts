import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { putKeyPair } from './key-pair.ts';
import type { Spacelift } from './spacelift.ts';
import { temporaryFolder } from './temporary.ts';

/** A folder with a key pair, as `workerpool create` starts from. */
export async function poolFolder(): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'pool');
  await putKeyPair(dir);
  return dir;
}

export const tokenIn = (dir: string) => readFile(path.join(dir, 'worker-pool.config'), 'utf8');
export const count = (server: Spacelift, operation: string) =>
  server.operations.filter((each) => each === operation).length;

/** There is one pool, and the folder has the token that works. */
export async function expectWhole(server: Spacelift, dir: string): Promise<void> {
  expect(server.pools.size).toBe(1);
  const [pool] = server.pools.values();
  expect(pool?.tokens.at(-1)).toBe(await tokenIn(dir));
  const own = path.join(dir, `worker-pool-${pool?.id}.config`);
  expect(await readFile(own, 'utf8')).toBe(await tokenIn(dir));
  for (const file of [own, path.join(dir, 'worker-pool.config')]) expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readdir(dir)).filter((name) => name.endsWith('-tmp'))).toEqual([]);
}
