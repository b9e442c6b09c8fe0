import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { RunTasks } from '../../src/step/run.ts';

/** A live list of tasks on the terminal, on stderr so that stdout holds results only. */
export const asList: RunTasks = async (tasks) => {
  const processOutput = new ProcessOutput(process.stderr, process.stderr);
  const list = new Listr(
    tasks.map(({ title, run }) => ({
      title,
      task: (_: unknown, task: { output: string }) =>
        run((progress) => {
          task.output = progress;
        }),
    })),
    { rendererOptions: { logger: new ListrLogger({ processOutput }), collapseErrors: true, showErrorMessage: false } },
  );
  await list.run();
};
