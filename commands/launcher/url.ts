import { addresses } from '../../src/launcher/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Url extends InquiryCommand {
  static override summary = "Print the launcher's download URL, without any network request.";
  static override description =
    'With --json, also prints the URLs of the checksums, their signature and the signing key: everything that launcher download --offline-dir needs on a machine without internet access.';
  static override examples = [
    'curl -fLO "$(<%= config.bin %> <%= command.id %> --arch arm64)"',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.launcher, .sums, .signature' | xargs -n 1 curl -fLO",
  ];
  static override inputs = addresses.inputs;

  async run(): Promise<void> {
    const result = await this.inquire(addresses);
    await this.print(result, ({ launcher }) => `${launcher}\n`);
  }
}
