import { rotateKey } from '../../src/spacelift/index.ts';
import { ConfirmedCommand } from '../oclif/confirmed-command.ts';

export default class Rotate extends ConfirmedCommand {
  static override summary = 'Give a worker pool a new key, and keep the old one as a dated backup.';
  static override description =
    'Makes a new key and request, resets the pool with it, keeps the new token, and lists the rendered files that hold the old secret. The old token stops working: workers that have it cannot connect any more. May be interrupted and run again: it goes on with the same new key.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --confirm build-eu --profile acme',
  ];
  static override inputs = rotateKey.inputs;

  protected override readonly parts = [{ step: rotateKey }];
}
