import type { Variable } from '../format/hcl/variables.ts';

/** The variables for the autoscaler's API key, without its secret. */
export const API_KEY_VARIABLES: readonly Variable[] = [
  {
    name: 'spacelift_api_key_endpoint',
    type: 'string',
    description: 'URL of the Spacelift account',
    example: 'https://example.app.spacelift.io',
    pattern: ['^https://', 'an https URL'],
  },
  {
    name: 'spacelift_api_key_id',
    type: 'string',
    description: 'ID of the API key',
    example: '01HCC6QZ932J7WDF4FTVM9QMEP',
  },
];
