import { existsSync } from 'node:fs';
import path from 'node:path';
import { BUNDLE_FILE } from '../ca-bundle/index.ts';
import { UserError } from '../core/errors.ts';
import { readFileIfExists } from '../files/read.ts';
import { KEY_FILE, readToken } from '../pki/index.ts';
import { poolIdIn, readJournal, tokenFilesIn } from '../pool-folder/index.ts';
import { isConfiguration, rendersPool, TARGETS, type TargetName } from '../render/index.ts';

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
  const names = Object.keys(TARGETS) as readonly TargetName[];
  const targets = names.filter((name) => has(TARGETS[name].writes));
  const token = await tokenIn(dir);
  const isCreatedLater =
    targets.length > 0 && targets.every(isConfiguration) && token === undefined && (await isPoolRendered(dir, targets));
  const isReady = (token === 'good' || isCreatedLater) && targets.length > 0;
  const stop = (name: FolderStop['name'], isThere: boolean, what: string, absent: string) => ({
    name,
    isThere,
    what: isThere ? what : absent,
  });
  return [
    stop('key', has(KEY_FILE), KEY_FILE, 'none'),
    stop('pool', token === 'good', pool ?? 'token', poolWithoutToken(pool, token, isCreatedLater)),
    stop('bundle', true, has(BUNDLE_FILE) ? BUNDLE_FILE : "the image's own", ''),
    stop('host', targets.length > 0, targets.join(', '), 'nothing rendered'),
    // Whether it runs cannot be seen in a directory.
    stop('container', false, '', isReady ? 'once deployed' : 'not yet'),
  ];
}

function poolWithoutToken(
  pool: string | undefined,
  token: 'bad' | undefined | 'good',
  isCreatedLater: boolean,
): string {
  if (token === 'bad') return 'token not readable';
  if (isCreatedLater) return 'Terraform creates it';
  return pool === undefined ? 'no token yet' : `${pool}, no token`;
}

/** Reads the token: whether it is one. @returns `undefined` without a token */
async function tokenIn(dir: string): Promise<'good' | 'bad' | undefined> {
  const [file] = tokenFilesIn(dir);
  const bytes = file === undefined ? undefined : await readFileIfExists(file);
  if (!bytes) return undefined;
  try {
    readToken(bytes);
    return 'good';
  } catch (error) {
    if (error instanceof UserError) return 'bad';
    throw error;
  }
}

async function isPoolRendered(dir: string, targets: readonly TargetName[]): Promise<boolean> {
  return (await Promise.all(targets.map((name) => rendersPool(path.join(dir, TARGETS[name].writes))))).every(Boolean);
}
