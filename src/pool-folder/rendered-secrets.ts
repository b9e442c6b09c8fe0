import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hasModes } from '../files/modes.ts';
import { openToRead } from '../files/read.ts';
import { hasMark } from './mark.ts';

/** How a file encrypted by Ansible begins. Our mark cannot be read in it. */
const VAULT = '$ANSIBLE_VAULT;';

/** Private files without the token or key: settings that may contain passwords of proxies. */
const WITHOUT_SECRETS: readonly string[] = ['launcher.env'];

/** The depth of the deepest rendered file, `ansible/roles/ROLE/files/FILE`. */
const MAX_DEPTH = 5;

/**
 * Finds the rendered files in a pool's directory that contain its token or key, and so must be rendered again when one of
 * them changes: all files of ours with mode 0600. Hidden files are skipped, since the directory may be a home directory.
 * @returns sorted paths that begin with `dir`
 */
export async function renderedSecrets(dir: string): Promise<readonly string[]> {
  const candidates = await visibleFiles(dir, MAX_DEPTH);
  const isSecret = await Promise.all(
    candidates.map(async (file) => (await isPrivate(file)) && (await isRendered(file))),
  );
  return candidates.filter((_, index) => isSecret[index]).sort();
}

async function visibleFiles(folder: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const { name } = entry;
    if (name.startsWith('.') || name === 'node_modules') return [];
    if (entry.isDirectory()) return depth > 1 ? visibleFiles(path.join(folder, name), depth - 1) : [];
    return entry.isFile() && !WITHOUT_SECRETS.includes(name) ? [path.join(folder, name)] : [];
  });
  return (await Promise.all(found)).flat();
}

/** Where files have no modes, which of them may hold a secret shows only in their names. */
const MAY_HOLD_SECRETS = /^(?:secrets\.env|vault\.yml|cloud-init\.yaml)$/;

async function isPrivate(file: string): Promise<boolean> {
  if (!hasModes()) return MAY_HOLD_SECRETS.test(path.basename(file));
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && (stats.mode & 0o077) === 0;
}

async function isRendered(file: string): Promise<boolean> {
  const handle = await openToRead(file).catch(() => undefined);
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    const start = buffer.subarray(0, bytesRead);
    return hasMark(start) || start.toString('latin1').startsWith(VAULT);
  } finally {
    await handle.close();
  }
}
