import type { Variable } from '../format/hcl/variables.ts';

/** What the autoscaler's API key is, but for its secret. */
export const API_KEY_VARIABLES: readonly Variable[] = [
  {
    name: 'spacelift_api_key_endpoint',
    type: 'string',
    description: 'Address of the Spacelift account',
    example: 'https://example.app.spacelift.io',
    pattern: ['^https://', 'an https address'],
  },
  {
    name: 'spacelift_api_key_id',
    type: 'string',
    description: 'Id of the API key',
    example: '01HCC6QZ932J7WDF4FTVM9QMEP',
  },
];
