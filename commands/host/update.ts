import { hostUpdate } from '../../src/host/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Update extends StepCommand {
  static override summary = 'Bring the launcher up to date now, and restart the service if it is another one.';
  static override description =
    'The new launcher is verified before the service is touched; afterwards the service has to stay up. A restart of the service does the same by itself.';
  static override examples = [
    'sudo <%= config.bin %> <%= command.id %>',
    'sudo <%= config.bin %> <%= command.id %> --dry-run --json',
  ];
  static override inputs = hostUpdate.inputs;

  protected override readonly parts = [{ step: hostUpdate }];
}
