import { amiLatest } from '../../src/ami/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Latest extends InquiryCommand {
  static override summary = "Find Spacelift's newest machine image for an architecture.";
  static override description =
    "Asks EC2 with the AWS CLI's credentials, or reads a saved response. Only images of Spacelift's own accounts count (643313122712, and 092348861888 in GovCloud); --owner takes those of another. Prints the image ID, for --machine-image or ami_id.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --region eu-west-1 --arch arm64',
    '$ aws ec2 describe-images --owners 643313122712 --output json | <%= config.bin %> <%= command.id %> --images-file -',
  ];
  static override inputs = amiLatest.inputs;

  async run(): Promise<void> {
    const image = await this.inquire(amiLatest);
    await this.print(image, ({ id }) => `${id}\n`);
  }
}
