import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { wordFor } from '../../core/words.ts';
import { readFileIfThere } from '../../files/read.ts';

/**
 * Warns of files that an earlier run left in a folder and this one does not write: they may hold secrets, and go
 * wherever the folder is copied.
 *
 * @param names what this run writes there
 * @param isOurs whether a file is one that this step writes, under other answers
 */
export async function staleIn(
  folder: string,
  names: readonly string[],
  isOurs: (bytes: Uint8Array, name: string) => boolean,
): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const others = entries.filter((entry) => entry.isFile() && !names.includes(entry.name)).map(({ name }) => name);
  const warnings = [];
  for (const name of others.sort()) {
    const file = path.join(folder, name);
    const bytes = await readFileIfThere(file);
    if (bytes && isOurs(bytes, name)) {
      warnings.push(`${file} is left of an earlier run and may hold secrets: rm ${wordFor(file)}`);
    }
  }
  return warnings;
}
