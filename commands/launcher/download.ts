import { launcher } from '../../src/launcher/index.ts';
import { forceFlag, StepCommand } from '../oclif/step-command.ts';

export default class Download extends StepCommand {
  static override summary = 'Download the launcher, and verify it before installing it.';
  static override description =
    'The checksums must list the file and be signed by the pinned OpenPGP key before it expired or was revoked. The bytes that are installed are the bytes that were hashed. An interrupted download is resumed, also by the next run. If anything fails, an existing launcher stays unchanged.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --arch aarch64 --environment us --output /usr/local/bin/spacelift-launcher',
    '<%= config.bin %> <%= command.id %> --offline-dir /media/usb --signing-key /media/usb/launcher-signing-key.asc',
    '<%= config.bin %> <%= command.id %> --from s3://my-bucket/spacelift-launcher --sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ];
  static override baseFlags = { ...StepCommand.baseFlags, ...forceFlag };
  static override inputs = launcher.inputs;

  protected override readonly parts = [{ step: launcher }];
}
