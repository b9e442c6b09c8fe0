import { launcher } from '../../src/launcher/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Download extends StepCommand {
  static override summary = 'Download the launcher, verified before it is put in place.';
  static override description =
    'The checksums must be signed by the pinned OpenPGP key, while it was neither expired nor revoked, and name the file; the bytes that are installed are the bytes that were hashed. A download that breaks off goes on where it ended, also in the next run. Whatever fails, a launcher that is there stays as it was.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --arch aarch64 --environment us --output /usr/local/bin/spacelift-launcher',
    '<%= config.bin %> <%= command.id %> --offline-dir /media/usb --signing-key /media/usb/launcher-signing-key.asc',
    '<%= config.bin %> <%= command.id %> --from s3://my-bucket/spacelift-launcher --sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ];
  static override inputs = launcher.inputs;

  protected override readonly parts = [{ step: launcher }];
}
