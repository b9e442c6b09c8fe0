import type { Values } from '../../step/input.ts';
import { SPOT_RISK } from '../cloud/aws/spot.ts';
import { LONGEST_RUN } from '../host/service-inputs.ts';
import type { ecsInputs } from './inputs.ts';

/** The longest that ECS holds an instance for its tasks (Amazon ECS Developer Guide, managed instance draining). */
const LONGEST_DRAINING = 48 * 60 * 60;

/** Warns of answers with a drawback. */
export function warningsFor(given: Values<typeof ecsInputs>): readonly string[] {
  const seconds = given['stop-timeout'];
  return [
    ...(seconds < LONGEST_RUN
      ? [
          `A deployment or a replaced instance stops a run that takes longer than ${seconds} seconds. To let every run finish: --stop-timeout ${LONGEST_RUN}`,
        ]
      : []),
    ...(seconds > LONGEST_DRAINING
      ? [`ECS holds an instance for 48 hours at most: --stop-timeout ${seconds} is longer than that`]
      : []),
    ...(given.spot ? [SPOT_RISK] : []),
    ...(given['kms-key-arn'] === undefined
      ? []
      : [
          'The KMS key policy must allow the role AWSServiceRoleForAutoScaling to use the key, or no instance will start',
        ]),
  ];
}
