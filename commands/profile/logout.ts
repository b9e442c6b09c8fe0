import { logoutProfile } from '../../src/spacelift/index.ts';
import { argumentsFor, flagsFor } from '../oclif/flags.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Logout extends StepCommand {
  static override summary = 'Delete a profile and its credentials.';
  static override examples = ['<%= config.bin %> <%= command.id %> acme'];
  static override args = argumentsFor(logoutProfile.inputs);
  static override flags = flagsFor(logoutProfile.inputs);

  protected override readonly parts = [{ step: logoutProfile }];
}
