import { caBundle } from '../../src/ca-bundle/index.ts';
import { forceFlag, StepCommand } from '../oclif/step-command.ts';

export default class Build extends StepCommand {
  static override summary = "Add your CA certificates to a runner image's own CA bundle.";
  static override description =
    'Reads the bundle from the image in its registry (no container engine needed), keeps its bytes unchanged, and appends every certificate passed with --ca. A lock file next to the bundle records what it was built from.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --ca corporate-root.pem',
    '<%= config.bin %> <%= command.id %> --ca certificates/ --image registry.example.com/runner:1.4 --platform linux/arm64 --output custom-ca-bundle.crt',
    '$ cat corporate-root.pem | <%= config.bin %> <%= command.id %> --ca - --source mozilla',
  ];
  static override baseFlags = { ...StepCommand.baseFlags, ...forceFlag };
  static override inputs = caBundle.inputs;

  protected override readonly parts = [{ step: caBundle }];
}
