import type { Values } from '../../../step/input.ts';
import { fleetVariables } from '../../cloud/aws/fleet-variables.ts';
import type { Variable } from '../../format/hcl/variables.ts';
import type { awsInputs } from './inputs.ts';

/** Returns the variables, except those of the pool and its secrets. */
export function variablesFor(given: Values<typeof awsInputs>): readonly Variable[] {
  return [
    ...fleetVariables(given),
    {
      name: 'min_size',
      type: 'number',
      description: 'Minimum number of workers',
      value: given['min-size'],
      example: 0,
    },
    {
      name: 'max_size',
      type: 'number',
      description: 'Maximum number of workers',
      value: given['max-size'],
      example: 5,
    },
  ];
}
