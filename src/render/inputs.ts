import { parseVariable } from '../launcher/index.ts';
import { UserError } from '../step/errors.ts';
import { list, optionalText, text } from '../step/input.ts';
import { directory } from '../step/shared.ts';
import { serviceInputs } from './service-inputs.ts';

/** What every rendered host needs to know. */
export const hostInputs = {
  dir: directory,
  env: list({
    summary: "Variable for the launcher, or for what SPACELIFT_WHITELIST_ENVS hands on; never a secret's place",
    placeholder: 'NAME=VALUE',
    parse: parseVariable,
  }),
  domain: text({
    summary: 'Domain the launcher is downloaded from; us.spacelift.io for the US region',
    placeholder: 'DOMAIN',
    asked: false,
    default: 'spacelift.io',
    parse(domain) {
      if (/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(domain)) return domain;
      throw new UserError('SPACECTL_BAD_INPUT', `"${domain}" is not a domain name`);
    },
  }),
  environment: optionalText({
    summary: "standard or fedramp; the token's own, if not given",
    placeholder: 'NAME',
    parse(name) {
      if (name === 'standard' || name === 'fedramp') return name;
      throw new UserError('SPACECTL_BAD_INPUT', `"${name}" is not one of standard, fedramp`);
    },
  }),
  ...serviceInputs,
} as const;
