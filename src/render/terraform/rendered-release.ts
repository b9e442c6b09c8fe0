import path from 'node:path';
import { readFileIfExists } from '../../files/read.ts';
import { MODULES } from './releases/index.ts';

/** Returns the release of Spacelift's module in a rendered configuration, and the newest that is known of the same module. */
export async function renderedRelease(folder: string): Promise<{ used: string; newest: string } | undefined> {
  const main = (await readFileIfExists(path.join(folder, 'main.tf')))?.toString('utf8') ?? '';
  const [, source, used] = /"(github\.com\/spacelift-io\/[\w-]+)\?ref=([\w.-]+)"/.exec(main) ?? [];
  const newest = MODULES.find((each) => each.source.startsWith(`${source}?`))?.version;
  return used === undefined || newest === undefined ? undefined : { used, newest };
}
