import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CSR_FILE, KEY_FILE } from '../pki/index.ts';
import { JOURNAL_FILE, TOKEN_FILE } from './index.ts';

/** Files of a pool's folder that are the secrets themselves, or hold none though they are private. */
const NOT_RENDERED = new RegExp(
  `^(?:${[KEY_FILE, CSR_FILE].map((name) => name.replace('.', '\\.')).join('|')})|^${JOURNAL_FILE}$|^${TOKEN_FILE}$|^worker-pool-.+\\.config$|^launcher\\.env$|^\\.`,
);

/**
 * The files rendered into a pool's folder that hold its token or key: whatever is private (mode 0600) in there, since
 * every renderer keeps secrets so. They are to be rendered again when one of them changes.
 * @returns paths as the folder was given, sorted
 */
export async function staleFiles(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const candidates = entries
    .filter((entry) => entry.isFile() && !NOT_RENDERED.test(entry.name))
    .map(({ parentPath, name }) => path.join(parentPath, name));
  const isPrivate = await Promise.all(candidates.map(async (file) => ((await stat(file)).mode & 0o077) === 0));
  return candidates.filter((_, index) => isPrivate[index]).sort();
}
