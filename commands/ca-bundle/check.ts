import { bundleCheck } from '../../src/ca-bundle/index.ts';
import { forceFlag, StepCommand } from '../oclif/step-command.ts';

export default class Check extends StepCommand {
  static override summary =
    'Check whether a bundle is up to date: its image, its file, the files of --ca, and when your certificates expire.';
  static override description =
    'Exits with 10 if the bundle is stale, and prints why. Sends one HEAD request to the registry, and reads the bundle again only if the image changed. --update rebuilds a stale bundle from its lock file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --bundle custom-ca-bundle.crt --within 60d --json',
    '<%= config.bin %> <%= command.id %> --dir my-pool --update',
  ];
  static override baseFlags = { ...StepCommand.baseFlags, ...forceFlag };
  static override inputs = bundleCheck.inputs;

  protected override readonly parts = [{ step: bundleCheck }];
}
