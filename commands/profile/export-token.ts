import { exportedToken } from '../../src/spacelift/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class ExportToken extends InquiryCommand {
  static override summary = 'Print an API token of the current profile, for use by other tools.';
  static override description = 'The token is a secret and expires after a few hours. No other command prints it.';
  static override examples = ['export SPACELIFT_API_TOKEN="$(<%= config.bin %> <%= command.id %>)"'];
  static override inputs = exportedToken.inputs;

  async run(): Promise<void> {
    const { token, endpoint, expiresAt } = await this.inquire(exportedToken);
    await this.print({ token, endpoint, expiresAt }, Buffer.from(process.stdout.isTTY ? `${token}\n` : token));
  }
}
