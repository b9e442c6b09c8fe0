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
    const lines = [
      `Account: ${who.endpoint}`,
      `Credentials: ${who.source}`,
      ...(who.subject ? [`Identity: ${who.subject}`] : []),
      ...(who.expiresAt ? [`Expires: ${who.expiresAt}`] : []),
    ];
    await this.print(who, `${lines.join('\n')}\n`);
  }
}
