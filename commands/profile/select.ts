import { selectProfile } from '../../src/spacelift/index.ts';
import { argumentsFor, flagsFor } from '../oclif/flags.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Select extends StepCommand {
  static override summary = 'Select the current profile.';
  static override examples = ['<%= config.bin %> <%= command.id %> acme'];
  static override args = argumentsFor(selectProfile.inputs);
  static override flags = flagsFor(selectProfile.inputs);

  protected override readonly parts = [{ step: selectProfile }];
}
