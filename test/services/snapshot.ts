import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** Every file below a folder, by its name there: its mode and the digest of its bytes. */
export async function snapshot(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
  const states = files.map(async (file) => {
    const mode = ((await stat(file)).mode & 0o777).toString(8);
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return [path.relative(folder, file), `${mode} ${digest}`] as const;
  });
  return Object.fromEntries((await Promise.all(states)).sort());
}
