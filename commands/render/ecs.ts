import { ecs } from '../../src/render/index.ts';
import { inputsOf } from '../../src/step/conversation.ts';
import { RenderCommand } from '../oclif/render-command.ts';

const parts = [{ step: ecs }];

export default class Ecs extends RenderCommand {
  static override summary = 'Render a configuration for ECS on EC2: Terraform, and JSON for the AWS CLI.';
  static override description =
    'Writes the directory ecs/: cluster, instances, roles, task definition and service as a Terraform configuration, and the same task definition as task-definition.json. An instance joins the cluster once it has built the CA bundle and Docker runs. Supports only the EC2 launch type: Fargate has no Docker socket.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool --region eu-west-1 --subnet subnet-0a1b2c3d --security-group sg-0a1b2c3d',
    '<%= config.bin %> <%= command.id %> --dir my-pool --strategy replica --arch arm64',
    '<%= config.bin %> <%= command.id %> --dir my-pool --tag team=platform --session-manager --instance-refresh',
  ];
  static override inputs = inputsOf(parts);

  protected override readonly parts = parts;
}
