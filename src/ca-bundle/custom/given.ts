import { isSystemError, UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import { readFileIfExists } from '../../files/read.ts';
import type { CustomSource } from '../inputs.ts';
import type { Reason } from '../lock/freshness.ts';
import { type LockedFile, type LockedSource, pathFromLock, pathInLock } from '../lock/lock.ts';
import { certificateFilesIn } from './certificate-files.ts';

/** Describes what each `--ca` gave, for the lock file. */
export function describeGiven(sources: readonly CustomSource[], lockFile: string): readonly LockedSource[] {
  return sources.map(({ folder, files }) => ({
    ...(folder !== undefined && { folder: pathInLock(folder, lockFile) }),
    files: files.map(({ path, sha256: digest }) => ({ path: pathInLock(path, lockFile), sha256: digest })),
  }));
}

/** What became of the files that `--ca` gave. */
export interface GivenState {
  /** What a rebuild takes over: files that were renewed or replaced, and those that came into or left a folder. */
  readonly changed: readonly Reason[];
  /** What a rebuild cannot fix: files and folders that were named, and do not exist any more. */
  readonly missing: readonly Reason[];
}

/** Compares the files that `--ca` gave with those that exist now. @throws UserError `SPACECTL_CANNOT_READ` */
export async function stateOfGiven(given: readonly LockedSource[], lockFile: string): Promise<GivenState> {
  const changed: Reason[] = [];
  const missing: Reason[] = [];
  for (const { folder, files } of given) {
    const present = folder === undefined ? undefined : await listFolder(pathFromLock(folder, lockFile));
    if (folder !== undefined && !present) {
      missing.push({ kind: 'ca-missing', message: `${pathFromLock(folder, lockFile)} no longer exists` });
      continue;
    }
    const known = new Set(files.map((file) => pathFromLock(file.path, lockFile)));
    for (const name of present ?? []) {
      if (!known.has(name)) changed.push({ kind: 'ca-added', message: `${name} is new` });
    }
    for (const file of files) {
      const reason = await stateOfFile(file, pathFromLock(file.path, lockFile));
      // A file that left its folder is not asked for any more.
      if (reason) (reason.kind === 'ca-missing' && folder === undefined ? missing : changed).push(reason);
    }
  }
  return { changed, missing };
}

async function stateOfFile(file: LockedFile, name: string): Promise<Reason | undefined> {
  const bytes = await readFileIfExists(name);
  if (!bytes) return { kind: 'ca-missing', message: `${name} no longer exists` };
  if (sha256(bytes) === file.sha256) return undefined;
  return { kind: 'ca-changed', message: `${name} has changed since the bundle was built` };
}

/** Lists the certificate files of a folder; `undefined` if it does not exist any more, or has none. */
export async function listFolder(folder: string): Promise<readonly string[] | undefined> {
  try {
    const { files } = await certificateFilesIn(folder);
    return files.length > 0 ? files : undefined;
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new UserError('SPACECTL_CANNOT_READ', `Cannot read the directory ${folder}`, { cause });
  }
}
