import { UserError } from '../../../core/errors.ts';
import { readWhole } from '../../../files/read.ts';
import { optionalText, text } from '../../../step/input.ts';
import { matching, oneLine } from '../../../step/parsers.ts';
import { autoscaler, size } from '../../cloud/inputs.ts';
import { commonInputs } from '../inputs.ts';

export const azureInputs = {
  ...commonInputs,
  'resource-group': optionalText({
    summary: 'Resource group for the scale set',
    question: 'Resource group for the scale set (leave empty to say it later)',
    placeholder: 'NAME',
    asked: true,
    parse: matching(/^[-\w.()]{1,90}$/, 'the name of a resource group'),
  }),
  'subnet-id': optionalText({
    summary: 'Subnet for the machines',
    question: 'Id of the subnet for the machines (leave empty to say it later)',
    placeholder: 'ID',
    asked: true,
    parse: matching(/^\/subscriptions\/\S+\/subnets\/\S+$/, 'the id of a subnet, as in /subscriptions/…/subnets/NAME'),
  }),
  'key-vault': optionalText({
    summary: 'Key Vault that holds the secrets',
    question: 'Key Vault that holds, or will hold, the secrets (leave empty to say it later)',
    placeholder: 'NAME',
    asked: true,
    parse: matching(/^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/, 'the name of a Key Vault'),
  }),
  'admin-public-key': optionalText({
    summary: 'OpenSSH public key of the administrator of the machines',
    question: 'OpenSSH public key file of the administrator of the machines (leave empty to say it later)',
    placeholder: 'FILE',
    asked: true,
    parse: readPublicKey,
  }),
  'vm-size': text({
    summary: 'Size of the machines',
    question: 'Which size of machine?',
    placeholder: 'SIZE',
    default: 'Standard_B2S',
    parse: matching(/^Standard_\w+$/, 'a size of Azure machines, as in Standard_B2S'),
  }),
  autoscaler,
  size,
} as const;

/** The line of a public key file. A private key given by mistake is not shown. */
async function readPublicKey(file: string): Promise<string> {
  const line = (await readWhole(file)).toString('utf8').trim();
  if (/^(?:ssh-|ecdsa-|sk-)[\w@.-]+ [A-Za-z0-9+/]+={0,3}(?: .*)?$/.test(line)) return oneLine(line);
  throw new UserError('SPACECTL_BAD_DATA', `${file} is not an OpenSSH public key`, {
    suggestions: ['Give the file that ends in .pub'],
  });
}
