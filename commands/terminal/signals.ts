import { constants } from 'node:os';
import { removeUnfinished } from '../../src/files/write.ts';
import { interruption } from '../../src/step/errors.ts';
import { reportFailure } from './failure.ts';

const controller = new AbortController();

/** Aborted when the user stops the program: long work listens to it. */
export const stopSignal = controller.signal;

/** Ends cleanly on Ctrl-C, `kill` and a closed terminal: no temporary file is left, exit code 128 + signal. */
export function endOnSignals(asJson: boolean): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      controller.abort();
      removeUnfinished();
      reportFailure(interruption(), asJson);
      process.exit(128 + constants.signals[name]);
    });
  }
}

/** Whoever reads our output may stop reading (`spacectl … | head`): that is no failure. */
export function endQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}
