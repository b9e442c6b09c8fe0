import { fetchPoolToken } from '../../src/spacelift/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Token extends StepCommand {
  static override summary = 'Read the token of a worker pool from Spacelift, and save it in the directory.';
  static override description =
    "Saves it as worker-pool-<id>.config and worker-pool.config, mode 0600, and never prints it. Refuses a token that was issued for another key than the directory's. Nothing changes in Spacelift, and workers keep running.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP',
  ];
  static override inputs = fetchPoolToken.inputs;

  protected override readonly parts = [{ step: fetchPoolToken }];
}
