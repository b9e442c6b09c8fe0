import { access, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as v from 'valibot';
import { abortReason, isSystemError, UserError } from '../core/errors.ts';
import { readJson } from '../core/json.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { currentOwner, isGone, type Owner } from './owner.ts';
import { cannotWrite } from './write.ts';

/** How long to wait for another process, in milliseconds. */
const WAIT_LIMIT = 60_000;
/** How old an empty lock must be, in milliseconds, to count as left behind by a process that was killed creating it. */
const EMPTY_LOCK_LIMIT = 2_000;

const OWNER = v.object({ host: v.string(), processId: v.number(), session: v.string() });

/**
 * Runs some work while holding a lock. Waits for the process that holds it; a lock held by a dead process is taken over.
 *
 * @param file the lock file, which exists while the work runs
 * @param folderMode permission bits of its folder, if that has to be created; the umask applies
 * @throws UserError `SPACECTL_BUSY` if another process holds it for more than a minute; `SPACECTL_INTERRUPTED`;
 *   `SPACECTL_CANNOT_WRITE` if the lock cannot be created or removed
 */
export async function withLock<T>(
  file: string,
  signal: AbortSignal,
  work: () => Promise<T>,
  folderMode = 0o777,
): Promise<T> {
  const deadline = Date.now() + WAIT_LIMIT;
  await mkdir(path.dirname(file), { recursive: true, mode: folderMode }).catch((cause: unknown) => {
    throw cannotWrite(file, cause);
  });
  while (!(await acquire(file))) {
    if (signal.aborted) throw abortReason(signal);
    const holder = await holderOf(file);
    if (holder === 'dead') await removeStale(file);
    else if (Date.now() > deadline) throw busy(file, holder);
    await setTimeout(50);
  }
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // What made the work fail is more than that its lock cannot be removed either.
    await rm(file, { force: true }).catch(() => {});
    throw error;
  }
  await remove(file);
  return result;
}

/**
 * Waits until no other process holds a lock. A lock held by a dead process does not count.
 * @throws UserError as `withLock`
 */
export async function waitForLock(file: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + WAIT_LIMIT;
  for (;;) {
    const holder = (await exists(file)) ? await holderOf(file) : 'dead';
    if (holder === 'dead') return;
    if (signal.aborted) throw abortReason(signal);
    if (Date.now() > deadline) throw busy(file, holder);
    await setTimeout(50);
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Creates the lock file. @returns `false` if it exists */
async function acquire(file: string): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(currentOwner()), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (cause) {
    if (isSystemError(cause, 'EEXIST')) return false;
    throw cannotWrite(file, cause);
  }
}

/** Finds out who holds a lock: `dead` if that process has ended, `undefined` if the file does not say. */
async function holderOf(file: string): Promise<Owner | 'dead' | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    if (text === '') return Date.now() - mtimeMs > EMPTY_LOCK_LIMIT ? 'dead' : undefined;
    const holder = readJson(OWNER, text);
    return isGone(holder) ? 'dead' : holder;
  } catch {
    // It was just removed, or is being written: the caller looks again.
    return undefined;
  }
}

/** Removes a dead process's lock. A second lock guards this, so that no process removes a lock that is new. */
async function removeStale(file: string): Promise<void> {
  const guard = `${file}.stale`;
  const isMine = await acquire(guard);
  if (isMine && (await holderOf(file)) === 'dead') await remove(file);
  if (isMine || (await holderOf(guard)) === 'dead') await remove(guard);
}

/** Removes a lock file, if it still exists. @throws UserError `SPACECTL_CANNOT_WRITE` */
async function remove(file: string): Promise<void> {
  await rm(file, { force: true }).catch((cause: unknown) => {
    throw cannotWrite(file, cause);
  });
}

function busy(file: string, holder: Owner | undefined): UserError {
  const who = holder ? `process ${holder.processId} on ${holder.host}` : 'another process';
  return new UserError('SPACECTL_BUSY', `${path.dirname(file)} is in use by ${who}`, {
    suggestions: [`Wait until it ends. If it no longer exists: rm ${quoteIfNeeded(file)}`],
  });
}
