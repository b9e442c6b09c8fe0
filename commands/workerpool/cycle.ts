import { cycleWorkerPool } from '../../src/spacelift/index.ts';
import { ConfirmedCommand } from '../oclif/confirmed-command.ts';

export default class Cycle extends ConfirmedCommand {
  static override summary = 'Replace the workers of a worker pool, and with them their launchers.';
  static override description =
    'Without --rolling all workers are told at once to end themselves, busy or not; it takes up to 20 seconds. With --rolling one after the other is drained, ends its run and is replaced, so that no run is cut short: by the program --replace-with names, or by whoever runs the hosts.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP --confirm build-eu',
    '<%= config.bin %> <%= command.id %> --dir my-pool --confirm build-eu --rolling --replace-with ./terminate-instance.sh',
  ];
  static override inputs = cycleWorkerPool.inputs;

  protected override readonly parts = [{ step: cycleWorkerPool }];
}
