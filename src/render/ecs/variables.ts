import type { Values } from '../../step/input.ts';
import { fleetVariables } from '../cloud/aws/fleet-variables.ts';
import type { Variable } from '../format/hcl/variables.ts';
import type { ecsInputs } from './inputs.ts';

/** Returns the variables, except those of the pool and its secrets. */
export function variablesFor(given: Values<typeof ecsInputs>): readonly Variable[] {
  const image = `/aws/service/ecs/optimized-ami/amazon-linux-2023/${given.arch === 'arm64' ? 'arm64/' : ''}recommended/image_id`;
  return [
    ...fleetVariables(given),
    { name: 'workers', type: 'number', description: 'Number of workers', value: 1, example: 2 },
    {
      name: 'max_size',
      type: 'number',
      description: 'Maximum number of instances',
      value: given['max-size'],
      example: 5,
    },
    ...(given['kms-key-arn'] === undefined ? [] : [kmsKey(given['kms-key-arn'])]),
    {
      name: 'image_parameter',
      type: 'string',
      description: 'Parameter in Parameter Store that holds the ID of the newest ECS image',
      value: image,
      example: image,
    },
  ];
}

function kmsKey(arn: string): Variable {
  return {
    name: 'kms_key_arn',
    type: 'string',
    description: 'ARN of the KMS key that encrypts the volumes and the secrets',
    value: arn,
    example: arn,
    pattern: ['^arn:aws[a-z-]*:kms:', 'the ARN of a KMS key'],
  };
}
