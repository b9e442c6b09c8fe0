import { docker } from '../../src/render/index.ts';
import { flagsFor } from '../oclif/flags.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Docker extends StepCommand {
  static override summary = 'Render a Compose file and a docker run script for the launcher as a container.';
  static override description =
    'For a host where a systemd unit is not wanted. Writes the folder docker/ beside the key, token and bundle it is made from. `render systemd` is the better way where there is systemd: it verifies the launcher.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --env SPACELIFT_LAUNCHER_RUN_TIMEOUT=2h',
  ];
  static override flags = flagsFor(docker.inputs);

  protected override readonly parts = [{ step: docker }];
}
