import type { RunTasks } from '../../src/step/run.ts';
import { isCi } from './ci.ts';
import { say } from './output.ts';
import { printable } from './printable.ts';

/** Chooses how tasks are shown while they run: a live list on a terminal, a line each otherwise, nothing if silent. */
export async function taskRunner({
  isSilent,
  isPlain = false,
}: {
  readonly isSilent: boolean;
  /** Whether lines are all that may be written: another program uses the terminal meanwhile, or the user wants it. */
  readonly isPlain?: boolean;
}): Promise<RunTasks> {
  if (isSilent) return runSilently;
  if (isPlain || process.stderr.isTTY !== true || isCi()) return runAsLines;
  return (await import('./task-list.ts')).runAsList;
}

const runSilently: RunTasks = async (tasks) => {
  for (const task of tasks) await task.run(() => {});
};

/** Milliseconds between two lines of progress that is obsolete a moment later: more would fill a log. */
const PASSING_MS = 10_000;

const runAsLines: RunTasks = async (tasks) => {
  for (const task of tasks) {
    say(printable(task.title));
    let last = Date.now();
    await task.run((progress, kind) => {
      if (kind === 'passing' && Date.now() - last < PASSING_MS) return;
      last = Date.now();
      say(`  ${printable(progress)}`);
    });
  }
};
