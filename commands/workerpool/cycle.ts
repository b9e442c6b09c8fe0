import { cycleWorkerPool } from '../../src/spacelift/index.ts';
import { ConfirmedCommand } from '../oclif/confirmed-command.ts';

export default class Cycle extends ConfirmedCommand {
  static override summary = 'Replace the workers of a worker pool and their launchers.';
  static override description =
    'Without --rolling, tells all workers to exit at once, busy or not; this takes up to 20 seconds. With --rolling, drains one worker after another, waits for its run to finish and replaces it, so that no run is cut short. The host is replaced by the program that --replace-with names, or by you.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP --confirm build-eu',
    '<%= config.bin %> <%= command.id %> --dir my-pool --confirm build-eu --rolling --replace-with ./terminate-instance.sh',
  ];
  static override inputs = cycleWorkerPool.inputs;

  protected override readonly parts = [{ step: cycleWorkerPool }];
}
