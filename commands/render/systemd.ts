import { systemd } from '../../src/render/index.ts';
import { inputsOf } from '../../src/step/conversation.ts';
import { RenderCommand } from '../oclif/render-command.ts';

const parts = [{ step: systemd }];

export default class Systemd extends RenderCommand {
  static override summary = 'Render a systemd unit, its environment files and an installer for one host.';
  static override description =
    'Writes the directory systemd/ next to the key, token and bundle it is made from. Copy it to a Linux host with Docker and run its install.sh as root.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --env SPACELIFT_LAUNCHER_RUN_TIMEOUT=2h',
    '<%= config.bin %> <%= command.id %> --dir my-pool --https-proxy http://proxy:3128 --secrets encrypted --recycle',
  ];
  static override inputs = inputsOf(parts);

  protected override readonly parts = parts;
}
