import { azureChoices } from '../../../cloud-accounts/index.ts';
import { UserError } from '../../../core/errors.ts';
import { readWhole } from '../../../files/read.ts';
import { chosenFrom, optionalText, text } from '../../../step/input.ts';
import { matching, oneLine } from '../../../step/parsers.ts';
import { autoscaler, size } from '../../cloud/inputs.ts';
import { commonInputs } from '../inputs.ts';

/** What tells the resource group. */
interface SubnetSigns {
  readonly 'subnet-id': string | undefined;
}

/** Returns the resource group in the ID of the subnet, if that is known and has one. */
function groupOf({ 'subnet-id': id = '' }: SubnetSigns): string | undefined {
  return /\/resourceGroups\/([-\w.()]{1,90})\//i.exec(id)?.[1];
}

/** The inputs of the Terraform configuration for Azure. */
export const azureInputs = {
  ...commonInputs,
  'subnet-id': optionalText({
    summary: 'Subnet for the machines',
    question: 'ID of the subnet for the machines (optional)',
    placeholder: 'ID',
    asked: true,
    isForLater: true,
    lookUp: azureChoices.subnets,
    parse: matching(
      /^\/subscriptions\/(?:[^\s/]+\/)+subnets\/[^\s/]+$/,
      'the ID of a subnet, such as /subscriptions/…/subnets/NAME',
    ),
  }),
  'resource-group': {
    ...chosenFrom(
      azureChoices.resourceGroups,
      optionalText({
        summary: 'Resource group for the scale set. Default: that of the subnet',
        question: 'Resource group for the scale set',
        placeholder: 'NAME',
        // One decision: Terraform asks for both where the subnet is not known.
        asked: (values: SubnetSigns) => groupOf(values) !== undefined,
        isForLater: true,
        parse: matching(/^[-\w.()]{1,90}$/, 'the name of a resource group'),
      }),
    ),
    default(values: SubnetSigns) {
      const group = groupOf(values);
      return group === undefined ? undefined : [group];
    },
  },
  'key-vault': optionalText({
    summary: 'Key Vault that holds the secrets',
    question: 'Key Vault for the secrets (optional)',
    placeholder: 'NAME',
    asked: true,
    isForLater: true,
    lookUp: azureChoices.keyVaults,
    parse: matching(/^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/, 'the name of a Key Vault'),
  }),
  'admin-public-key': optionalText({
    summary: 'OpenSSH public key file of the machine administrator',
    question: 'OpenSSH public key file of the machine administrator (optional)',
    placeholder: 'FILE',
    asked: true,
    isForLater: true,
    parse: readPublicKey,
  }),
  'vm-size': text({
    summary: 'VM size',
    question: 'Which VM size?',
    placeholder: 'SIZE',
    default: 'Standard_B2S',
    parse: matching(/^Standard_\w+$/, 'an Azure VM size, such as Standard_B2S'),
  }),
  autoscaler,
  size,
} as const;

/** Reads a public key file. The error does not show the text, which may be a private key passed by mistake. */
async function readPublicKey(file: string): Promise<string> {
  const line = (await readWhole(file)).toString('utf8').trim();
  if (/^(?:ssh-|ecdsa-|sk-)[\w@.-]+ [A-Za-z0-9+/]+={0,3}(?: .*)?$/.test(line)) return oneLine(line);
  throw new UserError('SPACECTL_BAD_DATA', `${file} is not an OpenSSH public key`, {
    suggestions: ['Pass the file that ends in .pub'],
  });
}
