import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hasMark } from './mark.ts';

/** How a file begins that Ansible has encrypted: no mark of ours can be read in it. */
const VAULT = '$ANSIBLE_VAULT;';

/** Private, but without a secret: settings that an administrator may have put passwords of proxies into. */
const WITHOUT_SECRETS: readonly string[] = ['launcher.env'];

/** How deep renderers put files: `ansible/roles/ROLE/files/FILE` is the deepest. */
const DEEPEST = 5;

/**
 * The files rendered into a pool's folder that hold its token or key: those of ours that are private (mode 0600), since
 * every renderer keeps secrets so. They are to be rendered again when one of them changes. The folder may be somebody's
 * home: what is hidden in it is not looked at.
 * @returns paths as the folder was given, sorted
 */
export async function renderedSecrets(dir: string): Promise<readonly string[]> {
  const candidates = await visibleFiles(dir, DEEPEST);
  const isStale = await Promise.all(
    candidates.map(async (file) => (await isPrivate(file)) && (await isRendered(file))),
  );
  return candidates.filter((_, index) => isStale[index]).sort();
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

async function isPrivate(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && (stats.mode & 0o077) === 0;
}

async function isRendered(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    const start = buffer.subarray(0, bytesRead);
    return hasMark(start) || start.toString('latin1').startsWith(VAULT);
  } finally {
    await handle.close();
  }
}
