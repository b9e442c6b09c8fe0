import type { RunTasks } from '../../src/step/run.ts';

/** Shows tasks while they run: a live list on a terminal, a line for each otherwise, nothing where silence is wanted. */
export async function taskRunner({ isSilent }: { isSilent: boolean }): Promise<RunTasks> {
  if (isSilent) return quietly;
  if (process.stderr.isTTY !== true || process.env['CI']) return asLines;
  return (await import('./task-list.ts')).asList;
}

const quietly: RunTasks = async (tasks) => {
  for (const task of tasks) await task.run(() => {});
};

const asLines: RunTasks = async (tasks) => {
  for (const task of tasks) {
    process.stderr.write(`${task.title}\n`);
    // What is only of interest while it lasts would fill a log.
    await task.run((progress, kind) => kind === 'passing' || process.stderr.write(`  ${progress}\n`));
  }
};
