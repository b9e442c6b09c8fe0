import { UserError } from '../../core/errors.ts';
import { list, secret, text } from '../../step/input.ts';
import { hostInputs } from '../host/inputs.ts';

export const ansibleInputs = {
  ...hostInputs,
  host: list({
    summary: 'Host for the inventory; without any, the inventory has an example',
    question: 'Host that is to become a worker (leave empty for an example)',
    placeholder: 'NAME',
    asked: true,
    parse(name) {
      if (/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) return name;
      throw new UserError('SPACECTL_BAD_INPUT', `"${name}" is not the name or address of a host`);
    },
  }),
  serial: text({
    summary: 'How many hosts are changed at a time: a number or a percentage',
    placeholder: 'NUMBER',
    asked: false,
    default: '25%',
    parse(given) {
      if (/^[1-9]\d{0,3}$/.test(given) || /^(?:[1-9]\d?|100)%$/.test(given)) return given;
      throw new UserError('SPACECTL_BAD_INPUT', `"${given}" is neither a number of hosts nor a percentage`);
    },
  }),
  'vault-password': secret({
    summary:
      'Password of the vault that token and private key are encrypted with; without it, commands to do it are printed',
    question: 'Password for the vault with token and private key (leave empty to encrypt them later)',
    placeholder: 'FILE',
    parse(password) {
      if (password.length >= 8) return password;
      throw new UserError('SPACECTL_BAD_INPUT', 'The vault password has less than 8 characters');
    },
  }),
} as const;
