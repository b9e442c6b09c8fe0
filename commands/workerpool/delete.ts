import { deleteWorkerPool } from '../../src/spacelift/index.ts';
import { ConfirmedCommand } from '../oclif/confirmed-command.ts';

export default class Delete extends ConfirmedCommand {
  static override summary = 'Delete a worker pool.';
  static override description = "Keeps the files in the pool's directory.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP',
    '<%= config.bin %> <%= command.id %> --dir my-pool --confirm build-eu',
  ];
  static override inputs = deleteWorkerPool.inputs;

  protected override readonly parts = [{ step: deleteWorkerPool }];
}
