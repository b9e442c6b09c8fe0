import path from 'node:path';
import { KEY_FILE } from '../../pki/index.ts';
import { LOCK_FILE } from '../names.ts';
import { isSecretName } from '../secret-name.ts';

/** What in a pool's folder must not get into a repository: keys, tokens, what holds them, and the state of Terraform. */
const SECRETS: readonly string[] = [
  `${KEY_FILE}*`,
  'worker-pool*.config*',
  '*.secret',
  'secrets.env',
  '*.tfstate*',
  '.terraform/',
  LOCK_FILE,
];

/**
 * Returns a `.gitignore` that names the folder's secrets. Lines that exist are kept, and what is named already is not added.
 * @param files further files with secrets, relative to the folder
 */
export function withSecretsIgnored(present: string | undefined, files: readonly string[] = []): string {
  const lines = new Set((present ?? '').split(/\r?\n/).map((line) => line.trim()));
  const rooted = files.filter((file) => !isSecretName(path.posix.basename(file))).map((file) => `/${file}`);
  const missing = [...SECRETS, ...rooted].filter((line) => !lines.has(line));
  if (missing.length === 0) return present ?? '';
  const before = present === undefined || present === '' || present.endsWith('\n') ? (present ?? '') : `${present}\n`;
  return `${before}# Secrets of the worker pool\n${missing.map((line) => `${line}\n`).join('')}`;
}
