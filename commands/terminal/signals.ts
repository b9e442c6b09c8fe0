import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { interruptedError } from '../../src/core/errors.ts';
import { hasPendingWork, waitForPendingWork } from '../../src/core/finish-before-exit.ts';
import { undoUnfinished } from '../../src/core/unfinished.ts';
import { reportFailure } from './failure.ts';

const controller = new AbortController();

// Any number of things may listen to it.
setMaxListeners(0, controller.signal);

/** Aborted when the user stops the program: long work listens to it. */
export const stopSignal = controller.signal;

/** Milliseconds that what is half done has for being undone: a container to remove takes a moment. */
const LAST_MOMENT = 5_000;

/**
 * Ends cleanly on Ctrl-C, `kill` and a closed terminal: nothing is left half done, exit code 128 + signal. Where that
 * takes too long, or the signal comes again, it is as if it had never been handled: shells say the same exit code.
 */
export function endOnSignals(asJson: boolean): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    let isFirst = true;
    // Not `once`: while a child runs, execa listens as well, and ends the process where nobody else is listening any more.
    const listener = () => {
      if (!isFirst) return endByItself();
      isFirst = false;
      return end(name, endByItself, asJson);
    };
    const endByItself = () => {
      process.off(name, listener);
      process.kill(process.pid, name);
    };
    process.on(name, listener);
  }
}

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

async function end(name: Signal, endByItself: () => void, asJson: boolean): Promise<void> {
  controller.abort();
  const failure = hasPendingWork() ? await finishHeldWork() : undefined;
  setTimeout(LAST_MOMENT).then(endByItself);
  const notUndone = await undoUnfinished();
  // A task list gives the terminal back first.
  await new Promise(setImmediate);
  // Work that was finished and failed is not to be hidden behind the stop: a pool without a token wants a reset.
  reportFailure(failure ?? notUndone ?? interruptedError(), asJson);
  if (await isReadingEndless()) endByItself();
  else process.exit(128 + constants.signals[name]);
}

/** Whether a file is being read that does not come: a pipe that nobody writes to. `exit` would wait for it for ever. */
async function isReadingEndless(): Promise<boolean> {
  const isReading = () => process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'));
  for (let attempt = 0; attempt < 20 && isReading(); attempt++) await setTimeout(25);
  return isReading();
}

/** What can be neither undone nor repeated is finished first; a second signal ends the process at once. */
function finishHeldWork(): Promise<unknown> {
  process.stderr.write('Finishing what can be neither undone nor repeated; the same once more ends it at once\n');
  return waitForPendingWork();
}
