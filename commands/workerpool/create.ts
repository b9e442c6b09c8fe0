import { createWorkerPool } from '../../src/spacelift/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Create extends StepCommand {
  static override summary = 'Create a worker pool from the certificate request, and save its token.';
  static override description =
    "Sends the directory's spacelift.csr to Spacelift and saves the token it returns, mode 0600, as worker-pool-<id>.config and worker-pool.config. If a pool of that name exists, does not create another. You can interrupt it, run it again or run it twice at once: the result is one pool with its token saved, or an error with the command that fixes it.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool --name build-eu',
    '<%= config.bin %> <%= command.id %> --dir my-pool --name build-eu --space legacy-01 --label linux --label eu --drift-limit 5 --profile acme',
  ];
  static override inputs = createWorkerPool.inputs;

  protected override readonly parts = [{ step: createWorkerPool }];
}
