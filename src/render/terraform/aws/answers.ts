import { UserError } from '../../../core/errors.ts';
import type { Values } from '../../../step/input.ts';
import type { Planner } from '../../../step/plan.ts';
import { refuseFedRamp } from '../../cloud/environment.ts';
import { floorWarning } from '../../cloud/machines.ts';
import { refuseOtherArchitecture, smallestFor } from '../../ec2/instance-type.ts';
import { type awsInputs, SPOT_RISK } from './inputs.ts';

type Given = Values<typeof awsInputs>;

/** Refuses answers that cannot all be meant. @throws UserError `SPACECTL_BAD_INPUT` */
export async function refuseContradictions(given: Given, planner: Planner): Promise<void> {
  if (given.spot && !given['accept-spot-risk']) {
    throw bad(`--spot needs --accept-spot-risk: ${SPOT_RISK}`);
  }
  if (given['min-size'] > given['max-size']) {
    throw bad(`--min-size ${given['min-size']} is more than --max-size ${given['max-size']}`);
  }
  refuseOtherArchitecture(given);
  const image = given['machine-image'];
  if (image !== undefined && !/^ami-[0-9a-f]{8,17}$/.test(image)) throw bad(`--machine-image: "${image}" is no AMI`);
  const unsafe = given.env.find(([, value]) => /["'\\$`\n]/.test(value));
  if (unsafe) {
    throw bad(`--env ${unsafe[0]}: the module writes the environment to a file that mangles quotes, backslashes and $`);
  }
  if (!given['self-hosted-launcher']) {
    const way = 'Copy the FedRAMP launcher to S3 and give --self-hosted-launcher s3://BUCKET/KEY';
    await refuseFedRamp(given, planner, [way]);
  }
}

/** What is possible and has its price. */
export function warningsFor(given: Given): readonly string[] {
  const scales = given.autoscaler && given['min-size'] > 0;
  return [
    ...floorWarning(given['instance-type'], smallestFor(given.arch)),
    ...(scales ? ['With the autoscaler, --min-size above 0 keeps it from scaling in: 0 is what works'] : []),
    ...(given.spot ? [SPOT_RISK] : []),
    ...(given['instance-refresh'] && !given.autoscaler
      ? [
          'Without an API key (--autoscaler) nothing drains a worker before its instance is replaced: runs on it are lost',
        ]
      : []),
    ...(given['trust-on-host']
      ? ['ca_bundle is what the host trusts; runner containers trust what is mounted into them']
      : []),
  ];
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}
