import { terraformCloud, terraformParts } from '../../src/render/index.ts';
import { inputsOf, type Part } from '../../src/step/conversation.ts';
import { flagsFor } from '../oclif/flags.ts';
import { StepCommand } from '../oclif/step-command.ts';

const parts: readonly Part[] = [{ inputs: { cloud: terraformCloud } }, ...terraformParts];

export default class Terraform extends StepCommand {
  static override summary = "Render a Terraform configuration around the vendor's module for one of the clouds.";
  static override description =
    'Writes the folder terraform-<cloud>/: a complete root module, formatted, usable with OpenTofu, without any secret. What differs between clouds is checked here: architecture, sizes of boot data, names and types of module inputs.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --cloud aws --dir my-pool --region eu-west-1 --subnet subnet-0a1b2c3d --security-group sg-0a1b2c3d',
    '<%= config.bin %> <%= command.id %> --cloud aws --dir my-pool --arch arm64 --spot --accept-spot-risk',
    '<%= config.bin %> <%= command.id %> --cloud gcp --dir my-pool --project my-project --ca-delivery gcs',
  ];
  static override flags = flagsFor(inputsOf(parts));

  protected override readonly parts = parts;
}
