import { domain, environment, hostKeyInputs, parseVariable, pinnedInputs } from '../../launcher/index.ts';
import { list } from '../../step/input.ts';
import { directory } from '../../step/shared.ts';
import { commsInputs } from '../comms/inputs.ts';
import { serviceInputs } from './service-inputs.ts';

/** The inputs of every target that renders files for a host. */
export const hostInputs = {
  dir: directory,
  env: list({
    section: 'hosts',
    summary:
      'Environment variable for the launcher, and for runs if SPACELIFT_WHITELIST_ENVS lists it; not for secrets',
    placeholder: 'NAME=VALUE',
    parse: (text, _answers, position) => parseVariable(text, position),
  }),
  domain,
  environment,
  ...hostKeyInputs,
  ...pinnedInputs,
  ...commsInputs,
  ...serviceInputs,
} as const;
