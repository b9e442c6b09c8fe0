import { createWorkerPool } from '../../src/spacelift/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Create extends StepCommand {
  static override summary = 'Create a worker pool from the certificate request, and keep its token.';
  static override description =
    'Sends spacelift.csr of the folder to Spacelift and keeps the token it gives, mode 0600, as worker-pool-<id>.config and as worker-pool.config. A pool of that name is found, not doubled. May be interrupted, run again and run twice at once: there is one pool, and its token is in place, or the one command is told that mends it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool --name build-eu',
    '<%= config.bin %> <%= command.id %> --dir my-pool --name build-eu --space legacy-01 --label linux --label eu --drift-limit 5 --profile acme',
  ];
  static override inputs = createWorkerPool.inputs;

  protected override readonly parts = [{ step: createWorkerPool }];
}
