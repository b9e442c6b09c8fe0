import { undrainWorker } from '../../../src/spacelift/index.ts';
import { StepCommand } from '../../oclif/step-command.ts';

export default class Undrain extends StepCommand {
  static override summary = 'Undrain a worker, so that it takes runs again.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP --id 01HCC7A0V5D3R9YB8XKQF2M6TN',
  ];
  static override inputs = undrainWorker.inputs;

  protected override readonly parts = [{ step: undrainWorker }];
}
