import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import { interruptedError } from '../../src/core/errors.ts';
import type { RunTasks } from '../../src/step/run.ts';
import { stopSignal } from './signals.ts';

/** A live list of tasks on the terminal, on stderr so that stdout holds results only. */
export const asList: RunTasks = async (tasks) => {
  const processOutput = new ProcessOutput(process.stderr, process.stderr);
  const list = new Listr(
    tasks.map(({ title, run }) => ({
      title,
      task: (_: unknown, task: { output: string }) =>
        untilStopped(
          run((progress) => {
            task.output = progress;
          }),
        ),
    })),
    {
      // The list would end the process itself, with an exit code of its own and nothing cleaned up.
      registerSignalListeners: false,
      rendererOptions: { logger: new ListrLogger({ processOutput }), collapseErrors: true, showErrorMessage: false },
    },
  );
  await list.run();
};

/** Gives up waiting when the user stops, so that the list gives the terminal back even if the work cannot be stopped. */
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
