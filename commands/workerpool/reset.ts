import { resetWorkerPool } from '../../src/spacelift/index.ts';
import { ConfirmedCommand } from '../oclif/confirmed-command.ts';
import { forcePoolFlag, StepCommand } from '../oclif/step-command.ts';

export default class Reset extends ConfirmedCommand {
  static override summary = "Reset a worker pool: get a new token for the directory's certificate request.";
  static override description =
    'All earlier tokens stop working: workers that use one can no longer connect. Saves the new token in the directory, mode 0600. A pool that a Kubernetes controller manages is reset only with --force.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP --confirm build-eu',
  ];
  static override baseFlags = { ...StepCommand.baseFlags, ...forcePoolFlag };
  static override inputs = resetWorkerPool.inputs;

  protected override readonly parts = [{ step: resetWorkerPool }];
}
