import { bundleCheck } from '../../src/ca-bundle/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Check extends StepCommand {
  static override summary = 'Check whether a bundle is still fresh: image, file and the expiry of your certificates.';
  static override description =
    'Exit code 10 where it is stale, with the reasons. The registry is asked with one HEAD; only where the image has moved is its bundle read again. --update builds a stale bundle again, from its lock file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --bundle custom-ca-bundle.crt --within 60d --json',
    '<%= config.bin %> <%= command.id %> --dir my-pool --update',
  ];
  static override inputs = bundleCheck.inputs;

  protected override readonly parts = [{ step: bundleCheck }];
}
