const pending = new Set<Promise<unknown>>();

/**
 * Runs work that the process finishes even if the user stops it, since it can be neither undone nor repeated: writing a
 * token that Spacelift has just issued. The work must be short.
 */
export async function finishBeforeExit<T>(work: () => Promise<T>): Promise<T> {
  const running = work();
  pending.add(running);
  try {
    return await running;
  } finally {
    pending.delete(running);
  }
}

/** Reports whether any such work is running. */
export function hasPendingWork(): boolean {
  return pending.size > 0;
}

/** Waits until all such work has ended. @returns the first failure, or `undefined` */
export async function waitForPendingWork(): Promise<unknown> {
  const results = await Promise.allSettled(pending);
  return results.find((result) => result.status === 'rejected')?.reason;
}
