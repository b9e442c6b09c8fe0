import { amiLatest } from '../../src/ami/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Latest extends InquiryCommand {
  static override summary = "Find Spacelift's newest machine image for an architecture.";
  static override description =
    "Calls EC2 with the AWS CLI's credentials, or reads a saved response. Spacelift's AWS account number is not published here: pass it as --owner. Prints the image ID, for --machine-image or ami_id.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --owner 123456789012 --region eu-west-1 --arch arm64',
    '$ aws ec2 describe-images --owners 123456789012 --output json | <%= config.bin %> <%= command.id %> --images-file -',
  ];
  static override inputs = amiLatest.inputs;

  async run(): Promise<void> {
    const image = await this.inquire(amiLatest);
    await this.print(image, ({ id }) => `${id}\n`);
  }
}
