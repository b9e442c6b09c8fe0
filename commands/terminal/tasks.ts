import type { RunTasks } from '../../src/step/run.ts';
import { isCi } from './ci.ts';
import { say } from './output.ts';
import { printable } from './printable.ts';

/** Chooses how tasks are shown while they run: a live list on a terminal, a line each otherwise, nothing if silent. */
export async function taskRunner({
  isSilent,
  needsTerminal = false,
}: {
  readonly isSilent: boolean;
  /** Whether another program uses the terminal meanwhile. */
  readonly needsTerminal?: boolean;
}): Promise<RunTasks> {
  if (isSilent) return runSilently;
  if (needsTerminal || process.stderr.isTTY !== true || isCi()) return runAsLines;
  return (await import('./task-list.ts')).runAsList;
}

const runSilently: RunTasks = async (tasks) => {
  for (const task of tasks) await task.run(() => {});
};

const runAsLines: RunTasks = async (tasks) => {
  for (const task of tasks) {
    say(printable(task.title));
    // Progress that is obsolete a moment later would fill a log.
    await task.run((progress, kind) => kind === 'passing' || say(`  ${printable(progress)}`));
  }
};
