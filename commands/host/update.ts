import { hostUpdate } from '../../src/host/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Update extends StepCommand {
  static override summary = 'Update the launcher now, and restart the service if the launcher changed.';
  static override description =
    'Verifies the new launcher before touching the service, then checks that the service stays up. Restarting the service also updates the launcher.';
  static override examples = [
    'sudo <%= config.bin %> <%= command.id %>',
    'sudo <%= config.bin %> <%= command.id %> --dry-run --json',
  ];
  static override inputs = hostUpdate.inputs;

  protected override readonly parts = [{ step: hostUpdate }];
}
