import { hostInstall } from '../../src/host/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Install extends StepCommand {
  static override summary = 'Make this machine a worker: files, user, service; see that it stays up.';
  static override description =
    "Puts in place what render systemd renders from the pool's folder, changes only what differs, and restarts the service only if something did. Where the launcher does not stay up, the files are put back as they were. With --root, prepares a tree for an image and starts nothing.";
  static override examples = [
    'sudo <%= config.bin %> <%= command.id %> --dir my-pool',
    'sudo <%= config.bin %> <%= command.id %> --dir my-pool --dry-run',
    'sudo <%= config.bin %> <%= command.id %> --dir my-pool --root /mnt/image',
  ];
  static override inputs = hostInstall.inputs;

  protected override readonly parts = [{ step: hostInstall }];
}
