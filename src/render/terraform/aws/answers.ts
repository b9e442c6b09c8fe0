import { UserError } from '../../../core/errors.ts';
import type { Values } from '../../../step/input.ts';
import { smallestFor } from '../../cloud/aws/instance-type.ts';
import { regionWarnings } from '../../cloud/aws/region.ts';
import { SPOT_RISK } from '../../cloud/aws/spot.ts';
import { minimumWarning } from '../../cloud/machines.ts';
import type { Module } from '../releases/index.ts';
import { refuseReservedNames, refuseUnsafeSettings } from '../unsafe-settings.ts';
import type { awsInputs } from './inputs.ts';

type Given = Values<typeof awsInputs>;

/** Refuses answers that the module cannot do with. @throws UserError `SPACECTL_BAD_INPUT` */
export function refuseUnusable(given: Given, module: Module): void {
  const image = given['machine-image'];
  if (image !== undefined && !/^ami-[0-9a-f]{8,17}$/.test(image))
    throw bad(`--machine-image: "${image}" is not the ID of an AMI`);
  refuseReservedNames(module, given.env);
  if (given['self-hosted-launcher'] === undefined) refuseUnsafeSettings(module, given.env);
}

/** Warns of answers with a drawback. */
export function warningsFor(given: Given): readonly string[] {
  const scales = given.autoscaler && given['min-size'] > 0;
  return [
    ...regionWarnings(given.region),
    ...minimumWarning(given['instance-type'], smallestFor(given.arch)),
    ...(scales ? ['With the autoscaler, a --min-size above 0 prevents scaling in: use 0'] : []),
    ...(given.spot ? [SPOT_RISK] : []),
    ...(given.autoscaler || given['instance-refresh'] ? [ADMIN_KEY] : []),
  ];
}

/** A key without admin rights does not see the workers (terraform-aws-spacelift-workerpool-on-ec2, issue 100). */
const ADMIN_KEY =
  '--autoscaler and --instance-refresh need an API key with admin rights: other keys do not find the workers';

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}
