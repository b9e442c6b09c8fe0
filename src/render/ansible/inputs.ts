import { UserError } from '../../core/errors.ts';
import { poolId } from '../../spacelift/index.ts';
import { list, secret, text } from '../../step/input.ts';
import { hostInputs } from '../host/inputs.ts';

/** The inputs of the Ansible role. */
export const ansibleInputs = {
  ...hostInputs,
  'pool-id': {
    ...poolId,
    description: 'The role drains its workers before it restarts their launchers.',
    asked: false,
  },
  host: list({
    summary: 'Host for the inventory; without one, the inventory has an example',
    question: 'Hosts to turn into workers (optional)',
    placeholder: 'NAME',
    asked: true,
    isForLater: true,
    parse(name) {
      if (/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) return name;
      throw new UserError('SPACECTL_BAD_INPUT', `"${name}" is not the name or address of a host`);
    },
  }),
  serial: text({
    summary: 'Number or percentage of hosts to change at a time',
    placeholder: 'NUMBER',
    asked: false,
    default: '25%',
    parse(given) {
      if (/^[1-9]\d{0,3}$/.test(given) || /^(?:[1-9]\d?|100)%$/.test(given)) return given;
      throw new UserError('SPACECTL_BAD_INPUT', `"${given}" is not a number of hosts or a percentage`);
    },
  }),
  'vault-password': secret({
    summary:
      'Password of the Ansible vault for the token and the private key; without it, the commands that encrypt them are printed',
    question: 'Password for the Ansible vault with the token and the private key (optional)',
    placeholder: 'FILE',
    parse(password) {
      if (password.length >= 8) return password;
      throw new UserError('SPACECTL_BAD_INPUT', 'The vault password has fewer than 8 characters');
    },
  }),
} as const;
