import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { quoteIfNeeded } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';

/**
 * Warns of files that an earlier run left in a folder and that this run does not write. They may hold secrets, and are
 * copied with the folder.
 *
 * @param names the files that this run writes there
 * @param isOurs tells whether this step writes such a file, with other answers
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
    const bytes = await readFileIfExists(file);
    if (bytes && isOurs(bytes, name)) {
      warnings.push(
        `${file} was left behind by an earlier run and may hold secrets. Remove it: rm ${quoteIfNeeded(file)}`,
      );
    }
  }
  return warnings;
}
