import { access, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { abortReason, isSystemError, UserError } from '../core/errors.ts';
import { wordFor } from '../core/words.ts';
import { isGone, type Owner, ownOwner } from './owner.ts';
import { cannotWrite } from './write.ts';

/** Milliseconds after which waiting for another process is given up. */
const PATIENCE = 60_000;
/** Milliseconds after which a lock without a name in it belongs to a process that was killed while making it. */
const UNSIGNED_FOR = 2_000;

/**
 * Runs some work while no other process does work under the same lock. Waits for one that does; a lock whose process was
 * killed is taken over.
 *
 * @param file the lock: it is there while the work runs
 * @throws UserError `SPACECTL_BUSY` where another process holds it for longer than a minute, and the user's interruption
 */
export async function withLock<T>(file: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE;
  await mkdir(path.dirname(file), { recursive: true }).catch((cause: unknown) => {
    throw cannotWrite(file, cause);
  });
  while (!(await take(file))) {
    if (signal.aborted) throw abortReason(signal);
    const holder = await holderOf(file);
    if (holder === 'dead') await takeAway(file);
    else if (Date.now() > deadline) throw busy(file, holder);
    await setTimeout(50);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Waits while another process holds a lock: what it was about is done then. A lock whose process was killed is none.
 * @throws UserError as `withLock`
 */
export async function untilFree(file: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const holder = (await isThere(file)) ? await holderOf(file) : 'dead';
    if (holder === 'dead') return;
    if (signal.aborted) throw abortReason(signal);
    if (Date.now() > deadline) throw busy(file, holder);
    await setTimeout(50);
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Puts the lock there, if nobody has. */
async function take(file: string): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(ownOwner()), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (cause) {
    if (isSystemError(cause, 'EEXIST')) return false;
    throw cannotWrite(file, cause);
  }
}

/** Who holds a lock; `dead` if that process is gone. Of another machine's processes nothing can be known. */
async function holderOf(file: string): Promise<Owner | 'dead' | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    if (text === '') return Date.now() - mtimeMs > UNSIGNED_FOR ? 'dead' : undefined;
    const holder = JSON.parse(text) as Owner;
    return isGone(holder) ? 'dead' : holder;
  } catch {
    // It was taken away, or is being written: the next look will tell.
    return undefined;
  }
}

/** Takes a dead process's lock away; one process at a time, so that none takes away what another has just put there. */
async function takeAway(file: string): Promise<void> {
  const guard = `${file}.stale`;
  const isMine = await take(guard);
  if (isMine && (await holderOf(file)) === 'dead') await rm(file, { force: true });
  if (isMine || (await holderOf(guard)) === 'dead') await rm(guard, { force: true });
}

function busy(file: string, holder: Owner | undefined): UserError {
  const who = holder ? `process ${holder.processId} on ${holder.host}` : 'another process';
  return new UserError('SPACECTL_BUSY', `${path.dirname(file)} is in use by ${who}`, {
    suggestions: [`Wait for it; if it is not there any more: rm ${wordFor(file)}`],
  });
}
