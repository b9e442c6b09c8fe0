import { updateWorkerPool } from '../../src/spacelift/index.ts';
import { forcePoolFlag, StepCommand } from '../oclif/step-command.ts';

export default class Update extends StepCommand {
  static override summary = 'Change settings of a worker pool; those you do not pass stay unchanged.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool --description "Linux, eu-west-1" --label linux --label eu',
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP --drift-limit 5 --dry-run',
  ];
  static override baseFlags = { ...StepCommand.baseFlags, ...forcePoolFlag };
  static override inputs = updateWorkerPool.inputs;

  protected override readonly parts = [{ step: updateWorkerPool }];
}
