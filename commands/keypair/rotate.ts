import { rotateKey } from '../../src/spacelift/index.ts';
import { ConfirmedCommand } from '../oclif/confirmed-command.ts';
import { forcePoolFlag, StepCommand } from '../oclif/step-command.ts';

export default class Rotate extends ConfirmedCommand {
  static override summary = "Rotate a worker pool's key, and keep the old one as a dated backup.";
  static override description =
    'Generates a new key and request, resets the pool with it, saves the new token, and lists the rendered files that contain the old secret. The old token stops working: workers that use it can no longer connect. If it is interrupted, run it again: it continues with the same new key.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --confirm build-eu --profile acme',
  ];
  static override baseFlags = { ...StepCommand.baseFlags, ...forcePoolFlag };
  static override inputs = rotateKey.inputs;

  protected override readonly parts = [{ step: rotateKey }];
}
