import { hostUninstall } from '../../src/host/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Uninstall extends StepCommand {
  static override summary = 'Remove what host install installed, and nothing else.';
  static override description =
    'Keeps files that changed since the installation, and the file with the token and private key unless you pass --purge. Leaves Docker, its images and its containers alone.';
  static override examples = [
    'sudo <%= config.bin %> <%= command.id %> --dry-run',
    'sudo <%= config.bin %> <%= command.id %> --purge',
  ];
  static override inputs = hostUninstall.inputs;

  protected override readonly parts = [{ step: hostUninstall }];
}
