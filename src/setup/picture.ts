import { existsSync } from 'node:fs';
import path from 'node:path';
import { BUNDLE_FILE } from '../ca-bundle/index.ts';
import { KEY_FILE } from '../pki/index.ts';
import { poolIdIn, readJournal, tokenFilesIn } from '../pool-folder/index.ts';
import { TARGETS, type TargetName } from '../render/index.ts';

/** What a folder has of one stop on the way from the key to the container that runs a job. */
export interface FolderStop {
  readonly name: 'key' | 'pool' | 'bundle' | 'host' | 'container';
  readonly what: string;
  readonly isThere: boolean;
}

/** Returns the stops from the key to the container, and what a folder has of each. */
export async function stopsOf(dir: string): Promise<readonly FolderStop[]> {
  const has = (name: string) => existsSync(path.join(dir, name));
  const pool = (await readJournal(dir))?.name ?? (await poolIdIn(dir));
  const hasToken = tokenFilesIn(dir).length > 0;
  const names = Object.keys(TARGETS) as readonly TargetName[];
  const targets = names.filter((name) => has(TARGETS[name].writes));
  const stop = (name: FolderStop['name'], isThere: boolean, what: string, absent: string) => ({
    name,
    isThere,
    what: isThere ? what : absent,
  });
  return [
    stop('key', has(KEY_FILE), KEY_FILE, 'none'),
    stop('pool', hasToken, pool ?? 'token', pool === undefined ? 'no token yet' : `${pool}, no token`),
    stop('bundle', true, has(BUNDLE_FILE) ? BUNDLE_FILE : "the image's own", ''),
    stop('host', targets.length > 0, targets.join(', '), 'nothing rendered'),
    stop('container', hasToken && targets.length > 0, 'runs your jobs', 'not yet'),
  ];
}
