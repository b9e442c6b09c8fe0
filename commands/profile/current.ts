import { currentProfile } from '../../src/spacelift/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import { say } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';

export default class Current extends InquiryCommand {
  static override summary = 'Print the alias of the current profile.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<void> {
    const profile = await this.inquire(currentProfile);
    const { json } = await this.commandLine();
    if (!json) for (const warning of profile.warnings) say(printable(`Warning: ${warning}`));
    await this.print(profile, ({ alias }) => `${alias}\n`);
  }
}
