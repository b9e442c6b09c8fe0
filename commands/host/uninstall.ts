import { hostUninstall } from '../../src/host/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Uninstall extends StepCommand {
  static override summary = 'Take away what host install made, and nothing else.';
  static override description =
    'Files that were changed since stay, and so does the file with token and private key, unless --purge is given. Docker, its images and its containers are left alone.';
  static override examples = [
    'sudo <%= config.bin %> <%= command.id %> --dry-run',
    'sudo <%= config.bin %> <%= command.id %> --purge',
  ];
  static override inputs = hostUninstall.inputs;

  protected override readonly parts = [{ step: hostUninstall }];
}
