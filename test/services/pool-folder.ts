import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { putKeyPair } from './key-pair.ts';
import { temporaryFolder } from './temporary.ts';
import { makeToken } from './token.ts';

/** A command that writes many files into a pool's folder. */
export const init = (dir: string) => [
  ...['init', '--no-input', '--offline', '--dir', dir, '--bits', '2048', '--json'],
  ...['--ca', 'docs/example-ca.pem', '--target', 'systemd', '--target', 'cloud-init', '--embed-secrets'],
];

/** A command that writes two. */
export const generate = (dir: string) => ['keypair', 'generate', '--dir', dir, '--bits', '2048', '--json'];

/** A folder with a key pair and the token for it, as a person has it who comes back from Spacelift. */
export async function folderWithToken(): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'pool');
  await putKeyPair(dir);
  const token = path.join(dir, 'worker-pool-01HCC6QZ932J7WDF4FTVM9QMEP.config');
  await writeFile(token, await makeToken({ key: path.join(dir, 'spacelift.key') }));
  return dir;
}

/** What is in a folder and below it; nothing if it is not there. */
export async function namesIn(dir: string): Promise<readonly string[]> {
  return readdir(dir, { recursive: true }).catch(() => []);
}

export const isTemporary = (name: string) => name.includes('spacectl-tmp');
