import type { Values } from '../../../step/input.ts';
import type { Variable } from '../../format/hcl/variables.ts';
import { SCALING_VARIABLES } from './autoscaler.ts';
import type { azureInputs } from './inputs.ts';

type Given = Values<typeof azureInputs>;

/** Returns the variables, except those of the pool and its secrets. */
export function variablesFor(given: Given): readonly Variable[] {
  const group = given['resource-group'];
  return [
    {
      name: 'resource_group_name',
      type: 'string',
      description: 'Resource group for the scale set',
      value: group,
      example: 'workers',
    },
    {
      name: 'subnet_id',
      type: 'string',
      description: 'Subnet for the machines',
      value: given['subnet-id'],
      example: '/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/workers',
    },
    {
      name: 'key_vault_name',
      type: 'string',
      description: 'Key Vault with the secrets, which uses role-based access',
      value: given['key-vault'],
      example: 'spacelift-secrets',
      pattern: ['^[A-Za-z][A-Za-z0-9-]+$', 'the name of a Key Vault'],
    },
    {
      name: 'key_vault_resource_group_name',
      type: 'string',
      description: 'Resource group of the Key Vault',
      value: group,
      example: 'secrets',
    },
    {
      name: 'admin_public_key',
      type: 'string',
      description: 'OpenSSH public key of the machine administrator',
      value: given['admin-public-key'],
      example: 'ssh-ed25519 AAAA… admin@example.com',
      pattern: ['^(ssh|ecdsa|sk)-', 'an OpenSSH public key'],
    },
    {
      name: 'vm_size',
      type: 'string',
      description: 'VM size',
      value: given['vm-size'],
      example: 'Standard_B2S',
    },
    ...(given.size === undefined
      ? []
      : [{ name: 'size', type: 'number', description: 'Number of workers', value: given.size, example: 2 } as const]),
    ...(given['ca-delivery'] === 'blob'
      ? [
          {
            name: 'storage_account_name',
            type: 'string',
            description: 'Name for the storage account of the CA bundle, unique in all of Azure',
            example: 'spaceliftca1a2b3c',
            pattern: ['^[a-z0-9]{3,24}$', '3 to 24 lower-case letters and digits'],
          } as const,
        ]
      : []),
    ...(given.autoscaler ? SCALING_VARIABLES : []),
  ];
}
