const pending = new Map<Promise<unknown>, string>();

const FINISHING = 'Finishing a step that can be neither undone nor repeated';

/**
 * Runs work that the process finishes even if the user stops it, since it can be neither undone nor repeated: writing a
 * token that Spacelift has just issued. The work must be short, or end early once the user stops the program.
 * @param description what the process does then, for the user: "Waiting for terraform to stop"
 */
export async function finishBeforeExit<T>(work: () => Promise<T>, description = FINISHING): Promise<T> {
  const running = work();
  pending.set(running, description);
  try {
    return await running;
  } finally {
    pending.delete(running);
  }
}

/** Describes such work that is running, without duplicates. */
export function pendingWork(): readonly string[] {
  return [...new Set(pending.values())];
}

/** Waits until all such work has ended. @returns the first failure, or `undefined` */
export async function waitForPendingWork(): Promise<unknown> {
  const results = await Promise.allSettled(pending.keys());
  return results.find((result) => result.status === 'rejected')?.reason;
}
