import { existsSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import { portablePath } from '../../core/portable-path.ts';
import { sha256 } from '../../core/sha256.ts';
import { readFileIfExists } from '../../files/read.ts';
import type { FileChange } from '../../step/plan.ts';

/** What `init`, `apply` and, if there is a record, `render` wrote for hosts: digests by path, relative to the folder. Never of a secret. */
export type Rendered = Readonly<Record<string, string>>;

export const RENDERED_FILE = 'spacectl.rendered.json';

const schema = v.record(v.string(), v.string());

/** Reads what was rendered last. A file that is missing or damaged says nothing. */
export async function readRendered(dir: string): Promise<Rendered> {
  const bytes = await readFileIfExists(path.join(dir, RENDERED_FILE));
  try {
    return bytes ? readJson(schema, bytes.toString('utf8')) : {};
  } catch {
    return {};
  }
}

/**
 * Returns the record of the files of targets, and of those that were recorded before and still exist, but for those that depend on how the folder is named (README.md). A digest
 * of a secret would let others test guesses.
 */
export async function formatRendered(dir: string, changes: readonly FileChange[]): Promise<string> {
  const isRecorded = ({ isSecret, mode, path: file }: FileChange) =>
    !isSecret && (mode & 0o077) !== 0 && path.basename(file) !== 'README.md';
  const open = changes.filter(isRecorded);
  const entries = open.map(async ({ path: file, content }) => {
    const name = portablePath(path.relative(dir, file));
    return [name, sha256(await content.bytes())] as const;
  });
  const before = Object.entries(await readRendered(dir)).filter(([name]) => existsSync(path.join(dir, name)));
  const all = Object.entries({ ...Object.fromEntries(before), ...Object.fromEntries(await Promise.all(entries)) });
  const sorted = all.sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`;
}
