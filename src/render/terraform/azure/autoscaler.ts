import { use, type Variable } from '../../format/hcl/variables.ts';
import { API_KEY_VARIABLES } from '../api-key.ts';

/**
 * Inputs of the module for Spacelift's autoscaler. Without `key_vault_id` the module creates its own vault for the API key.
 * In a shared vault the secret has a fixed name, and the access policies that let the autoscaler read it have no effect
 * with role-based access (autoscaler/keyvault.tf@6d4b486).
 */
export const SCALING = {
  set: {
    spacelift_api_credentials: {
      api_key_id: use('spacelift_api_key_id'),
      api_key_secret: use('spacelift_api_key_secret'),
      api_key_endpoint: use('spacelift_api_key_endpoint'),
    },
  },
  defaults: {
    autoscaling_configuration: { max_create: 1, max_terminate: 1, scale: { min: 0, max: use('max_size') } },
  },
};

/** The variables of those inputs. */
export const SCALING_VARIABLES: readonly Variable[] = [
  { name: 'max_size', type: 'number', description: 'Maximum number of workers', value: 5, example: 5 },
  ...API_KEY_VARIABLES,
  {
    name: 'spacelift_api_key_secret',
    type: 'string',
    description: 'Secret of the API key',
    example: '',
    isSensitive: true,
  },
];
