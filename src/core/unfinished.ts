import { UserError } from './errors.ts';

/** Undoes something that is half done. */
export type Undo = () => void | Promise<void>;

const unfinished = new Set<Undo>();

/**
 * Notes something that must not be left behind if the process is stopped now: a temporary file, a container.
 * @returns to be called once it is finished, or undone in the usual way
 */
export function undoIfStopped(undo: Undo): () => void {
  unfinished.add(undo);
  return () => unfinished.delete(undo);
}

/**
 * Undoes everything that is under way, for the last moment of a process.
 * @returns what the user has to know where that failed: the first `UserError`
 */
export async function undoUnfinished(): Promise<UserError | undefined> {
  const undone = [...unfinished].map(async (undo) => undo());
  unfinished.clear();
  const reasons = (await Promise.allSettled(undone)).map((end) => end.status === 'rejected' && end.reason);
  return reasons.find((reason) => reason instanceof UserError);
}
