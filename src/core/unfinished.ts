import { UserError } from './errors.ts';

/** Undoes a change that is not complete. */
export type Undo = () => void | Promise<void>;

const unfinished = new Set<Undo>();

/**
 * Registers a cleanup to run if the process is stopped: removing a temporary file or a container.
 * @returns a function that cancels it; call it when the work is finished, or was undone in the usual way
 */
export function undoIfStopped(undo: Undo): () => void {
  unfinished.add(undo);
  return () => unfinished.delete(undo);
}

/**
 * Runs all registered cleanups, just before the process exits.
 * @returns the first `UserError` among the failures, to show to the user
 */
export async function undoUnfinished(): Promise<UserError | undefined> {
  const cleanups = [...unfinished].map(async (undo) => undo());
  unfinished.clear();
  const reasons = (await Promise.allSettled(cleanups)).map((result) => result.status === 'rejected' && result.reason);
  return reasons.find((reason) => reason instanceof UserError);
}
