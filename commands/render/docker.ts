import { docker } from '../../src/render/index.ts';
import { inputsOf } from '../../src/step/conversation.ts';
import { RenderCommand } from '../oclif/render-command.ts';

const parts = [{ step: docker }];

export default class Docker extends RenderCommand {
  static override summary = 'Render a Compose file and a docker run script that run the launcher in a container.';
  static override description =
    'For hosts where you do not want a systemd unit. Writes the directory docker/ next to the key, token and bundle it is made from. Prefer `render systemd` on a host with systemd: it verifies the launcher.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --env SPACELIFT_LAUNCHER_RUN_TIMEOUT=2h',
  ];
  static override inputs = inputsOf(parts);

  protected override readonly parts = parts;
}
