import { belonging } from '../../src/spacelift/index.ts';
import { FOUND_SOMETHING } from '../oclif/base.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Verify extends InquiryCommand {
  static override summary = "Check that key, request and the token's certificate belong together.";
  static override description = 'Exit code 10 where they do not.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --key other.key --csr other.csr --token-file worker-pool.config',
  ];
  static override inputs = belonging.inputs;

  async run(): Promise<void> {
    const result = await this.inquire(belonging);
    const lines = result.findings.map(({ part, finding }) => `${part}: ${finding}\n`).join('');
    if (result.belongTogether) await this.print(result, `${lines}They belong together\n`);
    else await this.print(result, `${lines}They do not belong together\n`, FOUND_SOMETHING);
  }
}
