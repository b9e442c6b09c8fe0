import { hostInstall } from '../../src/host/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Install extends StepCommand {
  static override summary = 'Install a worker on this machine: its files, user and service.';
  static override description =
    "Installs the files that render systemd renders from the pool's directory. Changes only what differs, restarts the service only if something changed, and waits until this host is a worker. Rolls back if the launcher does not stay up, or if the service ran before and the host is no longer a worker. With --root, prepares a file system tree for an image and starts nothing.";
  static override examples = [
    'sudo <%= config.bin %> <%= command.id %> --dir my-pool',
    'sudo <%= config.bin %> <%= command.id %> --dir my-pool --dry-run',
    'sudo <%= config.bin %> <%= command.id %> --dir my-pool --root /mnt/image',
  ];
  static override inputs = hostInstall.inputs;

  protected override readonly parts = [{ step: hostInstall }];
}
