import { domain, environment, parseVariable, pinnedInputs } from '../../launcher/index.ts';
import { list } from '../../step/input.ts';
import { directory } from '../../step/shared.ts';
import { commsInputs } from '../comms/inputs.ts';
import { serviceInputs } from './service-inputs.ts';

/** What every rendered host needs to know. */
export const hostInputs = {
  dir: directory,
  env: list({
    summary: "Variable for the launcher, or for what SPACELIFT_WHITELIST_ENVS hands on; never a secret's place",
    placeholder: 'NAME=VALUE',
    parse: (text, _answers, position) => parseVariable(text, position),
  }),
  domain,
  environment,
  ...pinnedInputs,
  ...commsInputs,
  ...serviceInputs,
} as const;
