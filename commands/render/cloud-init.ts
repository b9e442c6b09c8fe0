import { cloudInit } from '../../src/render/index.ts';
import { inputsOf } from '../../src/step/conversation.ts';
import { RenderCommand } from '../oclif/render-command.ts';

const parts = [{ step: cloudInit }];

export default class CloudInit extends RenderCommand {
  static override summary = 'Render a #cloud-config document that turns a host into a worker on its first boot.';
  static override description =
    "Writes cloud-init.yaml next to the key, token and bundle it is made from, compressed if the cloud accepts that, and checks its size against the cloud's user data limit. The document installs Docker; the host builds the CA bundle from the runner image it uses.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --cloud ec2 --secrets-from aws-secretsmanager:spacelift/pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --cloud gcp --embed-secrets --trust-on-host',
  ];
  static override inputs = inputsOf(parts);

  protected override readonly parts = parts;
}
