import { addresses } from '../../src/launcher/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Url extends InquiryCommand {
  static override summary = 'Print where the launcher is downloaded from; asks nobody.';
  static override description =
    'With --json also where its checksums, their signature and the signing key are: what a machine without the internet needs for launcher download --offline-dir.';
  static override examples = [
    'curl -fLO "$(<%= config.bin %> <%= command.id %> --arch arm64)"',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.launcher, .sums, .signature' | xargs -n 1 curl -fLO",
  ];
  static override inputs = addresses.inputs;

  async run(): Promise<void> {
    const result = await this.inquire(addresses);
    await this.print(result, `${result.launcher}\n`);
  }
}
