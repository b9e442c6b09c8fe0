import { terraformCloud, terraformParts } from '../../src/render/index.ts';
import { namedCloud } from '../../src/setup/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import { conversation, inputsOf } from '../../src/step/conversation.ts';
import type { Inputs } from '../../src/step/input.ts';
import { directory } from '../../src/step/shared.ts';
import { RenderCommand } from '../oclif/render-command.ts';

const parts = conversation().ask({ dir: directory, cloud: terraformCloud }).parts(terraformParts).all;

export default class Terraform extends RenderCommand {
  static override summary =
    "Render a Terraform configuration that uses Spacelift's worker pool module on AWS, Azure or Google Cloud.";
  static override description =
    'Writes the directory terraform-<cloud>/: a complete, formatted root module that refers to secrets instead of containing them. Without --cloud, the one that `hosts.target` in spacectl.yaml names is rendered. Checks what differs between clouds: architecture, size of the boot data, names and types of module inputs.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --cloud aws --dir my-pool --region eu-west-1 --subnet subnet-0a1b2c3d --security-group sg-0a1b2c3d',
    '<%= config.bin %> <%= command.id %> --cloud aws --dir my-pool --arch arm64 --spot --accept-spot-risk',
    '<%= config.bin %> <%= command.id %> --cloud gcp --dir my-pool --project my-project --ca-delivery gcs',
  ];
  static override inputs = inputsOf(parts);
  static override common = ['pool-id', 'pool-name', 'region', 'arch', 'max-size', 'size', 'worker-comms-url'];

  protected override readonly parts = parts;

  protected override async answer(inputs: Inputs): Promise<Answered> {
    const { dir = process.env['SPACECTL_DIR'] ?? '.' } = await this.commandLine();
    const cloud = await namedCloud(String(dir));
    return super.answer(cloud === undefined ? inputs : { ...inputs, cloud: { ...terraformCloud, default: [cloud] } });
  }
}
