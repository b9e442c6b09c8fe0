import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { interruptedError, UserError } from '../../src/core/errors.ts';
import { pendingWork, waitForPendingWork } from '../../src/core/finish-before-exit.ts';
import { undoUnfinished } from '../../src/core/unfinished.ts';
import { reportFailure } from './failure.ts';
import { say } from './output.ts';

const controller = new AbortController();

// No limit: any number of operations may listen.
setMaxListeners(0, controller.signal);

/** Aborted when the user stops the program. */
export const stopSignal = controller.signal;

let questions = 0;

/** Notes that a question is waiting for its answer. The program asks before it changes anything. */
export async function whileAsking<T>(question: Promise<T>): Promise<T> {
  questions++;
  try {
    return await question;
  } finally {
    questions--;
  }
}

/** Milliseconds for undoing unfinished work: removing a container takes a moment. */
const UNDO_TIMEOUT_MS = 5_000;

/**
 * Ends the program cleanly on Ctrl-C, `kill` and a closed terminal: undoes unfinished work, and exits with 128 + signal. If
 * that takes too long, or the signal arrives again, the signal's default action ends the process.
 */
export function endOnSignals(asJson: boolean): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    let isFirst = true;
    // Not `once`: while a child runs, execa listens as well, and ends the process if it is the only listener left.
    const listener = () => {
      if (!isFirst) return endByDefault();
      isFirst = false;
      return end(name, endByDefault, asJson);
    };
    const endByDefault = () => {
      process.off(name, listener);
      process.kill(process.pid, name);
    };
    process.on(name, listener);
  }
}

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

async function end(name: Signal, endByDefault: () => void, asJson: boolean): Promise<void> {
  const interruption = questions > 0 ? cancelledError() : interruptedError();
  controller.abort();
  const failure = await finishPendingWork();
  setTimeout(UNDO_TIMEOUT_MS).then(endByDefault);
  const notUndone = await undoUnfinished();
  // Lets a task list release the terminal first.
  await new Promise(setImmediate);
  // Finished work that failed must not be hidden by the interruption: a pool without a token needs a reset.
  reportFailure(failure ?? notUndone ?? interruption, asJson);
  if (isTerminalGone() || (await isReadBlocked())) endByDefault();
  else process.exit(128 + constants.signals[name]);
}

let cancelledError = () => new UserError('SPACECTL_INTERRUPTED', 'Cancelled. Nothing was changed.');

/**
 * Says that answers are saved as they are given, for when the user stops the program at a question.
 * @param files those with secrets
 */
export function noteSavedAnswers(files: readonly string[] = []): void {
  const message = `Cancelled. Nothing but the answers in ${['spacectl.yaml', ...files].join(' and ')} was changed`;
  const suggestions = ['Run the same command again to go on'];
  cancelledError = () => new UserError('SPACECTL_INTERRUPTED', message, { suggestions });
}

/** Reports whether the terminal was closed: `exit` would restore its modes, fail at that, and abort with a core dump. */
function isTerminalGone(): boolean {
  return [process.stdout, process.stderr].some(({ isTTY, fd }) => isTTY && !isatty(fd));
}

/** Reports whether a read is blocked, such as on a pipe without a writer: `exit` would wait for it forever. */
async function isReadBlocked(): Promise<boolean> {
  const isReading = () => process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'));
  for (let attempt = 0; attempt < 20 && isReading(); attempt++) await setTimeout(25);
  return isReading();
}

/** Waits for work that is finished before the process ends; a second signal ends it immediately. @returns its failure */
async function finishPendingWork(): Promise<unknown> {
  const descriptions = pendingWork();
  if (descriptions.length === 0) return undefined;
  say(`${descriptions.join('. ')}. Interrupt again to stop immediately`);
  return waitForPendingWork();
}
