import { UserError } from '../core/errors.ts';
import { ansible, TARGETS, type TargetName } from '../render/index.ts';
import { profile } from '../spacelift/index.ts';
import { list, oneOf, optionalText, text } from '../step/input.ts';
import { anyText, wholeNumber } from '../step/parsers.ts';
import { directory } from '../step/shared.ts';

/** The targets that can be deployed. The user passes cloud-init's user data to a cloud, and runs the Compose file. */
export const DEPLOYABLE = (Object.keys(TARGETS) as readonly TargetName[]).filter(
  (name) => name !== 'cloud-init' && name !== 'docker',
);

const section = 'deploy';

/** The hosts that are reached over SSH. */
export const sshInputs = {
  ssh: list({
    section,
    summary: 'Host to install over SSH, instead of this machine: a name for ssh, such as root@worker-1',
    description: 'The account is root, or may use sudo without a password. Port, key and user can be in ~/.ssh/config.',
    placeholder: 'HOST',
    parse: parseHost,
  }),
  'ssh-config': optionalText({
    section,
    summary: 'Configuration file for ssh, instead of ~/.ssh/config',
    placeholder: 'FILE',
    parse: anyText,
  }),
} as const;

/** The inputs of `spacectl deploy`. Everything else comes from the pool's `spacectl.yaml`. */
export const deployInputs = {
  dir: { ...directory, positional: 'too' },
  profile,
  only: list({
    section: null,
    summary: `Deploy only this target: ${DEPLOYABLE.join(', ')} (default: all that are rendered)`,
    placeholder: 'TARGET',
    parse: oneOf(DEPLOYABLE),
  }),
  ...sshInputs,
  'terraform-program': optionalText({
    section,
    summary: 'Program for Terraform configurations: terraform or tofu (default: terraform)',
    placeholder: 'PROGRAM',
    parse: oneOf(['terraform', 'tofu']),
  }),
  'vault-password': { ...ansible.inputs['vault-password'], section: 'ansible' },
  expect: optionalText({
    section,
    summary: 'Number of workers to wait for (default: one for each host and each Terraform configuration)',
    placeholder: 'N',
    parse: wholeNumber({ meaning: 'a number of workers' }),
  }),
  wait: text({
    section,
    summary: 'Minutes to wait for the workers',
    placeholder: 'MINUTES',
    asked: false,
    default: '10',
    parse: wholeNumber({ least: 1, most: 9_999, meaning: 'a number of minutes' }),
  }),
} as const;

/** ssh would take a name that starts with a hyphen as an option, which can run a program. */
function parseHost(host: string): string {
  if (/^[A-Za-z0-9_][^\s\p{Cc}]*$/u.test(host)) return host;
  throw new UserError('SPACECTL_BAD_INPUT', `"${host}" is not a name for ssh`, {
    suggestions: ['Use [USER@]HOST, ssh://[USER@]HOST:PORT or a name from ~/.ssh/config'],
  });
}
