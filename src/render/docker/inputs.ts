import { text } from '../../step/input.ts';
import { commsInputs } from '../comms/inputs.ts';
import { hostInputs } from '../host/inputs.ts';
import { words } from '../matching.ts';
import { LAUNCHER_IMAGE } from './launcher-container.ts';

/** The inputs of the Compose file and the run script. */
export const dockerInputs = {
  dir: hostInputs.dir,
  env: hostInputs.env,
  environment: hostInputs.environment,
  ...commsInputs,
  'launcher-image': text({
    summary: 'Image of the launcher',
    placeholder: 'REF',
    asked: false,
    default: LAUNCHER_IMAGE,
    parse: words,
  }),
} as const;
