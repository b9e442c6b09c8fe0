const held = new Set<Promise<unknown>>();

/**
 * Runs work that can be neither undone nor repeated, and so is finished before the process ends when the user stops it:
 * a token that is given only once, on its way to its file. It has to end soon by itself.
 */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  const running = work();
  held.add(running);
  try {
    return await running;
  } finally {
    held.delete(running);
  }
}

/** Whether any such work is going on. */
export function isWorkHeld(): boolean {
  return held.size > 0;
}

/** Waits until all of it has ended. @returns why some of it failed; `undefined` where all went well */
export async function heldWork(): Promise<unknown> {
  const ends = await Promise.allSettled(held);
  return ends.find((end) => end.status === 'rejected')?.reason;
}
