import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

/** The time limit of a program that has none of its own, in milliseconds. */
export const USUAL_TIMEOUT = 30 * 60 * 1000;

/** The time limit of a program that moves an image, or does what a user has written, in milliseconds. */
export const LONG_TIMEOUT = 4 * 60 * 60 * 1000;

/** How often the pipes of a program that has ended are looked at, in milliseconds. */
const INTERVAL = 250;
/** After how many looks at silent pipes they are closed, and after how many in any case. */
const MAX_SILENT_LOOKS = 8;
const MAX_LOOKS = 80;

/**
 * Closes the pipes of a program some time after it has ended. They stay open as long as any process that it started has
 * them, such as an agent in the background, and a reader of their end would wait for that one. (Go's
 * `exec.Cmd.WaitDelay` does the same.) What the program itself wrote is read before.
 */
export function closePipesAfterExit(child: ChildProcess): void {
  child.once('exit', () => {
    // Pipes are sockets, which count.
    const output = [child.stdout, child.stderr] as ((Readable & { readonly bytesRead: number }) | null)[];
    let read = -1;
    let silent = 0;
    let looks = 0;
    // A number of looks and not a time: while this process is busy, it reads nothing either.
    const timer = setInterval(() => {
      const now = output.reduce((sum, each) => sum + (each?.bytesRead ?? 0), 0);
      silent = now === read ? silent + 1 : 0;
      read = now;
      looks += 1;
      if (silent < MAX_SILENT_LOOKS && looks < MAX_LOOKS) return;
      clearInterval(timer);
      for (const stream of [child.stdin, ...output]) stream?.destroy();
    }, INTERVAL);
    child.once('close', () => clearInterval(timer));
  });
}
