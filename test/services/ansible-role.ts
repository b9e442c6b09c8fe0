import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { putKeyPair } from './key-pair.ts';
import { spacectl } from './program.ts';
import { temporaryFolder } from './temporary.ts';
import { makeToken } from './token.ts';

export const VAULT_PASSWORD = 'correct horse battery staple';

/** A pool's directory with key and token, and its role. @param bundle whether it also has a CA bundle */
export async function renderRole(bundle: 'bundle' | undefined, ...flags: readonly string[]) {
  const dir = path.join(await temporaryFolder(), 'my-pool');
  await putKeyPair(dir);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  await writeFile(path.join(dir, 'worker-pool.config'), token);
  if (bundle) {
    const built = await spacectl(['ca-bundle', 'build', '--offline', '--dir', dir, '--ca', 'docs/example-ca.pem']);
    expect({ exitCode: built.exitCode, stderr: built.stderr }).toMatchObject({ exitCode: 0 });
  }
  const password = path.join(dir, '../vault-password');
  await writeFile(password, `${VAULT_PASSWORD}\n`);
  const render = (...more: readonly string[]) => {
    const args = ['render', 'ansible', '--dir', dir, '--host', 'worker', '--vault-password-file', password];
    return spacectl([...args, ...flags, ...more]);
  };
  const run = await render();
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  const key = (await readFile(path.join(dir, 'spacelift.key'))).toString('base64');
  return { dir, folder: path.join(dir, 'ansible'), password, token, key, render };
}
