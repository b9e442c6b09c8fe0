import { lstat, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as v from 'valibot';
import { abortReason, isSystemError, UserError } from '../core/errors.ts';
import { readJson } from '../core/json.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { undoIfStopped } from '../core/unfinished.ts';
import { cannotRead, cannotWrite, orCannotWrite } from './failure.ts';
import { type HeldFolder, holdFolder } from './folder.ts';
import { currentOwner, isGone, type Owner } from './owner.ts';
import { whileInUse } from './patience.ts';
import { writeEntry } from './write.ts';

/** How long to wait for another process, in milliseconds. */
const WAIT_LIMIT = 60_000;
/** How old a lock that is not JSON must be, in milliseconds, to count as left half written by a process that was killed. */
const HALF_WRITTEN_LIMIT = 2_000;

const OWNER = v.object({ host: v.string(), processId: v.number(), session: v.string() });

/**
 * Runs some work while holding a lock. Waits for the process that holds it; a lock held by a dead process is taken over.
 * The lock is removed afterwards, also if the work fails or the process is interrupted.
 *
 * @param file the lock file, which exists while the work runs. If its directory is missing, it is created for this user only
 * @throws UserError `SPACECTL_BUSY` if another process holds it for more than a minute; `SPACECTL_INTERRUPTED`;
 *   `SPACECTL_CANNOT_WRITE` if the lock cannot be created or removed; `SPACECTL_WOULD_OVERWRITE` if something else than a
 *   file has its name
 */
export async function withLock<T>(file: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + WAIT_LIMIT;
  const folder = await orCannotWrite(file, () => holdFolder(path.dirname(file), 0o700));
  const lock = { folder, name: path.basename(file), file };
  const forget = undoIfStopped(() => removeOwn(lock));
  try {
    await waitAndAcquire(lock, deadline, signal);
    return await thenRemove(lock, work);
  } finally {
    forget();
    await folder.close();
  }
}

/** A lock file in its open folder. */
interface Lock {
  readonly folder: HeldFolder;
  readonly name: string;
  /** Its path for messages. */
  readonly file: string;
}

async function waitAndAcquire(lock: Lock, deadline: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) throw abortReason(signal);
    if (await acquire(lock)) return;
    const holder = await holderOf(lock);
    if (holder === 'dead') await removeStale(lock);
    else if (Date.now() > deadline) throw busy(lock, holder);
    await setTimeout(50);
  }
}

async function thenRemove<T>(lock: Lock, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // What made the work fail is more than that its lock cannot be removed either.
    await remove(lock).catch(() => {});
    throw error;
  }
  await remove(lock);
  return result;
}

/** Removes a lock if this process holds it: it may be interrupted while it waits for another one. */
async function removeOwn(lock: Lock): Promise<void> {
  const holder = await holderOf(lock);
  if (typeof holder === 'object' && holder.session === currentOwner().session) await remove(lock);
}

/** Creates the lock file, whole from the start, so that no killed process leaves a part of one. @returns `false` if it exists */
async function acquire({ folder, name, file }: Lock): Promise<boolean> {
  // Writing a temporary file at every look would wear the disk.
  if ((await holderAt(folder.entry(name), file)) !== 'none') return false;
  try {
    const bytes = Buffer.from(JSON.stringify(currentOwner()));
    await writeEntry(folder, name, bytes, { mode: 0o600, mayReplace: false }, file);
    return true;
  } catch (cause) {
    if (isSystemError(cause, 'EEXIST')) return false;
    throw cannotWrite(file, cause);
  }
}

/** Who holds a lock: `none` if there is no lock, `dead` if that process has ended, `undefined` if the file does not say. */
type Holder = Owner | 'none' | 'dead' | undefined;

function holderOf({ folder, name, file }: Lock): Promise<Holder> {
  return holderAt(folder.entry(name), file);
}

/** @param file the path for messages, which may differ from the one to look at */
async function holderAt(place: string, file: string): Promise<Holder> {
  const stats = await lstat(place).catch((cause: unknown) => {
    if (!isSystemError(cause, 'ENOENT')) throw cannotRead(file, cause);
  });
  if (!stats) return 'none';
  // To read a pipe, one would wait for its writer.
  if (!stats.isFile()) throw notAFile(file);
  const text = await readFile(place, 'utf8').catch(() => undefined);
  // It was just removed.
  if (text === undefined) return undefined;
  if (!isJson(text)) return Date.now() - stats.mtimeMs > HALF_WRITTEN_LIMIT ? 'dead' : undefined;
  try {
    const holder = readJson(OWNER, text);
    return isGone(holder) ? 'dead' : holder;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Removes a dead process's lock. A second lock guards this, so that no process removes a lock that is new. */
async function removeStale(lock: Lock): Promise<void> {
  const guard = { ...lock, name: `${lock.name}.stale`, file: `${lock.file}.stale` };
  const isMine = await acquire(guard);
  if (isMine && (await holderOf(lock)) === 'dead') await remove(lock);
  if (isMine || (await holderOf(guard)) === 'dead') await remove(guard);
}

/** Removes a lock file, if it still exists. @throws UserError `SPACECTL_CANNOT_WRITE` */
async function remove({ folder, name, file }: Lock): Promise<void> {
  await whileInUse(() => unlink(folder.entry(name))).catch((cause: unknown) => {
    if (!isSystemError(cause, 'ENOENT')) throw cannotWrite(file, cause);
  });
}

function busy({ file }: Pick<Lock, 'file'>, holder: Holder): UserError {
  const who = typeof holder === 'object' ? `process ${holder.processId} on ${holder.host}` : 'another process';
  return new UserError('SPACECTL_BUSY', `${path.dirname(file)} is in use by ${who}`, {
    suggestions: [{ text: 'Wait until it ends. If it no longer exists', command: `rm ${quoteIfNeeded(file)}` }],
  });
}

function notAFile(file: string): UserError {
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${file} is not a file, and keeps the directory from being locked`, {
    suggestions: [{ command: `mv ${quoteIfNeeded(file)} ${quoteIfNeeded(`${file}.old`)}` }],
  });
}
