import { identity } from '../src/spacelift/index.ts';
import { InquiryCommand } from './oclif/inquiry-command.ts';

export default class WhoAmI extends InquiryCommand {
  static override summary = 'Show which Spacelift credentials are used, and whether Spacelift accepts them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --profile acme --json',
  ];
  static override inputs = identity.inputs;

  async run(): Promise<void> {
    const { token: _, ...who } = await this.inquire(identity);
    await this.print(who, ({ endpoint, source, id, name, expiresAt }) => {
      const lines = [
        `Account: ${endpoint}`,
        `Credentials: ${source}`,
        `Identity: ${name ? `${name} (${id})` : id}`,
        ...(expiresAt ? [`Expires: ${expiresAt}`] : []),
      ];
      return `${lines.join('\n')}\n`;
    });
  }
}
