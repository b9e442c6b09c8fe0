import { awsChoices } from '../../../cloud-accounts/index.ts';
import { chosenFrom, list, text } from '../../../step/input.ts';
import { matching } from '../../../step/parsers.ts';
import { region } from '../inputs.ts';
import type { Architecture } from '../machines.ts';
import { smallestFor } from './instance-type.ts';

/** The region of the instances. */
export const awsRegion = chosenFrom(awsChoices.regions, { ...region, question: 'AWS region (optional)' });

/** The subnets of the instances. */
export const subnets = list({
  summary: 'Subnet for the instances',
  question: 'Subnet for the instances, such as subnet-0a1b2c3d (optional)',
  placeholder: 'ID',
  asked: true,
  isForLater: true,
  lookUp: awsChoices.subnets,
  parse: matching(/^subnet-[0-9a-f]{8,17}$/, 'the ID of a subnet, such as subnet-0a1b2c3d'),
});

/** The security groups of the instances. */
export const securityGroups = list({
  summary: 'Security group for the instances; only outbound traffic is needed',
  question: 'Security group for the instances, such as sg-0a1b2c3d (optional)',
  placeholder: 'ID',
  asked: true,
  isForLater: true,
  lookUp: awsChoices.securityGroups,
  parse: matching(/^sg-[0-9a-f]{8,17}$/, 'the ID of a security group, such as sg-0a1b2c3d'),
});

/** The type of the instances. */
export const instanceType = chosenFrom(
  awsChoices.instanceTypes,
  text({
    summary: 'EC2 instance type. Default: t3.small, or t4g.small for arm64',
    question: 'Which instance type?',
    placeholder: 'TYPE',
    default: ({ arch }: { arch: Architecture }) => smallestFor(arch),
    parse: matching(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'an EC2 instance type, such as t3.small'),
  }),
);
