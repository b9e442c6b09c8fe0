import { text } from '../../step/input.ts';
import { hostInputs } from '../inputs.ts';
import { words } from '../terraform/inputs.ts';

export const dockerInputs = {
  dir: hostInputs.dir,
  env: hostInputs.env,
  'launcher-image': text({
    summary: "The launcher's image",
    placeholder: 'REF',
    asked: false,
    default: 'public.ecr.aws/spacelift/launcher:latest',
    parse: words,
  }),
} as const;
