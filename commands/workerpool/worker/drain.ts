import { drainWorker } from '../../../src/spacelift/index.ts';
import { StepCommand } from '../../oclif/step-command.ts';

export default class Drain extends StepCommand {
  static override summary = 'Drain a worker, so that it takes no more runs.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP --id 01HCC7A0V5D3R9YB8XKQF2M6TN --wait-until-drained',
  ];
  static override inputs = drainWorker.inputs;

  protected override readonly parts = [{ step: drainWorker }];
}
