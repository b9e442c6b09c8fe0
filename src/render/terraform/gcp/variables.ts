import type { Values } from '../../../step/input.ts';
import type { Variable } from '../../format/hcl/variables.ts';
import type { gcpInputs } from './inputs.ts';

type Given = Values<typeof gcpInputs>;

/** Returns the variables, except those of the pool and its secrets. */
export function variablesFor(given: Given): readonly Variable[] {
  const zone = given.zone ?? (given.region && `${given.region}-b`);
  return [
    {
      name: 'project',
      type: 'string',
      description: 'Google Cloud project',
      value: given.project,
      example: 'my-project',
      pattern: ['^[a-z][a-z0-9:.-]+$', 'the ID of a project'],
    },
    { name: 'region', type: 'string', description: 'Region', value: given.region, example: 'europe-west1' },
    { name: 'zone', type: 'string', description: 'Zone', value: zone, example: 'europe-west1-b' },
    {
      name: 'network',
      type: 'string',
      description: 'Network for the machines',
      value: given.network,
      example: 'default',
    },
    {
      name: 'machine_type',
      type: 'string',
      description: 'Machine type',
      value: given['machine-type'],
      example: 'e2-medium',
    },
    { name: 'size', type: 'number', description: 'Number of workers', value: given.size, example: 2 },
    ...(given['ca-delivery'] === 'gcs'
      ? [
          {
            name: 'ca_bucket_name',
            type: 'string',
            description: 'Name for the bucket of the CA bundle, unique in all of Google Cloud',
            example: 'my-project-spacelift-ca',
            pattern: ['^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$', 'the name of a bucket'],
          } as const,
        ]
      : []),
  ];
}
