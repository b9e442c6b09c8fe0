import { selectProfile } from '../../src/spacelift/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Select extends StepCommand {
  static override summary = 'Select the current profile.';
  static override examples = ['<%= config.bin %> <%= command.id %> acme'];
  static override inputs = selectProfile.inputs;

  protected override readonly parts = [{ step: selectProfile }];
}
