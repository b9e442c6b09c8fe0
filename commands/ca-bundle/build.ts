import { caBundle } from '../../src/ca-bundle/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Build extends StepCommand {
  static override summary = "Extend a runner image's own CA bundle by your certificate authorities.";
  static override description =
    'Reads the bundle out of the image in its registry (no container engine needed), keeps its bytes as they are, and appends every certificate given by --ca. Beside the bundle a lock file says what it was made from.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --ca corporate-root.pem',
    '<%= config.bin %> <%= command.id %> --ca certificates/ --image registry.example.com/runner:1.4 --platform linux/arm64 --output custom-ca-bundle.crt',
    '$ cat corporate-root.pem | <%= config.bin %> <%= command.id %> --ca - --source mozilla',
  ];
  static override inputs = caBundle.inputs;

  protected override readonly parts = [{ step: caBundle }];
}
