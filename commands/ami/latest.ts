import { amiLatest } from '../../src/ami/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Latest extends InquiryCommand {
  static override summary = "Find the vendor's newest machine image of one architecture.";
  static override description =
    "Asks EC2 with the credentials of the AWS command line, or reads a saved answer. The vendor's account number is not published here: give it as --owner. Prints the id, for --machine-image or ami_id.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --owner 123456789012 --region eu-west-1 --arch arm64',
    '$ aws ec2 describe-images --owners 123456789012 --output json | <%= config.bin %> <%= command.id %> --images-file -',
  ];
  static override inputs = amiLatest.inputs;

  async run(): Promise<void> {
    const image = await this.inquire(amiLatest);
    await this.print(image, `${image.id}\n`);
  }
}
