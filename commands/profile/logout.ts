import { logoutProfile } from '../../src/spacelift/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Logout extends StepCommand {
  static override summary = 'Delete a profile and its credentials.';
  static override examples = ['<%= config.bin %> <%= command.id %> acme'];
  static override inputs = logoutProfile.inputs;

  protected override readonly parts = [{ step: logoutProfile }];
}
