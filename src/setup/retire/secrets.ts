import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { removeFile } from '../../files/remove.ts';
import { KEY_FILE } from '../../pki/index.ts';
import { isSecretName, renderedSecrets } from '../../pool-folder/index.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';

/**
 * Lists the files in a pool's folder that hold its key or a token, rendered files included, as paths that begin with `dir`.
 * The key comes last: while it exists, the files can be rendered again.
 */
export async function secretFilesIn(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((each) => each.isFile() && isSecretName(each.name)).map(({ name }) => name);
  const own = names.sort().filter((name) => name !== KEY_FILE);
  const last = names.includes(KEY_FILE) ? [KEY_FILE] : [];
  return [...new Set([...(await renderedSecrets(dir)), ...[...own, ...last].map((name) => path.join(dir, name))])];
}

/** Plans to remove files. */
export function removals(files: readonly string[], planner: Planner): readonly ActionChange[] {
  return files.map((file) =>
    planner.action({ title: `Remove ${file}`, status: 'change', run: () => removeFile(path.resolve(file)) }),
  );
}
