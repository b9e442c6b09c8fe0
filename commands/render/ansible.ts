import { ansible } from '../../src/render/index.ts';
import { inputsOf } from '../../src/step/conversation.ts';
import { RenderCommand } from '../oclif/render-command.ts';

const parts = [{ step: ansible }];

export default class Ansible extends RenderCommand {
  static override summary = 'Render an Ansible role, playbook and inventory that turn existing hosts into workers.';
  static override description =
    'Writes the directory ansible/. The role copies the files of `render systemd` to a few hosts at a time and runs their installer; the token and private key come from a vault. Where the control node has credentials for Spacelift, workers are drained before their launchers restart. A second run changes nothing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool --host worker-1.example.com --host worker-2.example.com',
    '<%= config.bin %> <%= command.id %> --dir my-pool --vault-password-file vault-password --serial 1',
  ];
  static override inputs = inputsOf(parts);

  protected override readonly parts = parts;
}
