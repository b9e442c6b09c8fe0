import { reference, type Value } from '../../hcl/hcl.ts';
import { use, type Variable } from '../../hcl/variables.ts';
import { API_KEY_VARIABLES } from '../api-key.ts';

/** Inputs of the module for the vendor's autoscaler. */
export const SCALING: Readonly<Record<string, Value>> = {
  autoscaling_configuration: {
    key_vault_id: reference('data.azurerm_key_vault.secrets.id'),
    max_create: 1,
    max_terminate: 1,
    scale: { min: 0, max: use('max_size') },
  },
  spacelift_api_credentials: {
    api_key_id: use('spacelift_api_key_id'),
    api_key_secret: use('spacelift_api_key_secret'),
    api_key_endpoint: use('spacelift_api_key_endpoint'),
  },
};

/** What they need from outside. */
export const SCALING_VARIABLES: readonly Variable[] = [
  { name: 'max_size', type: 'number', description: 'Most workers', value: 5, example: 5 },
  ...API_KEY_VARIABLES,
  {
    name: 'spacelift_api_key_secret',
    type: 'string',
    description: 'Secret of the API key',
    example: '',
    isSensitive: true,
  },
];
