import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import { interruptedError } from '../../src/core/errors.ts';
import type { RunTasks } from '../../src/step/run.ts';
import { printable } from './printable.ts';
import { stopSignal } from './signals.ts';

/** Runs tasks and shows them as a live list, on stderr so that stdout holds only results. */
export const runAsList: RunTasks = async (tasks) => {
  const processOutput = new ProcessOutput(process.stderr, process.stderr);
  const list = new Listr(
    tasks.map(({ title, run }) => ({
      title: printable(title),
      task: (_: unknown, task: { output: string }) =>
        untilStopped(
          run((progress) => {
            task.output = printable(progress);
          }),
        ),
    })),
    {
      // Otherwise the list ends the process itself, with its own exit code and without cleaning up.
      registerSignalListeners: false,
      rendererOptions: { logger: new ListrLogger({ processOutput }), collapseErrors: true, showErrorMessage: false },
    },
  );
  await list.run();
};

/** Stops waiting when the user interrupts, so that the list releases the terminal even if the work cannot be stopped. */
async function untilStopped(work: Promise<void>): Promise<void> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(interruptedError());
    stopSignal.addEventListener('abort', stop);
  });
  try {
    await Promise.race([work, stopped]);
  } finally {
    stopSignal.removeEventListener('abort', stop);
  }
}
