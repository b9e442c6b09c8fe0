import { keypairVerification } from '../../src/spacelift/index.ts';
import { FOUND_SOMETHING } from '../oclif/base.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Verify extends InquiryCommand {
  static override summary = "Check that the key, the certificate request and the token's certificate match.";
  static override description = 'Exits with 10 if they do not match.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --key other.key --csr other.csr --token-file worker-pool.config',
  ];
  static override inputs = keypairVerification.inputs;

  async run(): Promise<void> {
    const result = await this.inquire(keypairVerification);
    await this.print(result, format, result.belongTogether ? 0 : FOUND_SOMETHING);
  }
}

function format({ findings, belongTogether }: Awaited<ReturnType<typeof keypairVerification.run>>): string {
  const lines = findings.map(({ part, finding }) => `${part}: ${finding}\n`);
  return `${lines.join('')}${belongTogether ? 'They match' : 'They do not match'}\n`;
}
