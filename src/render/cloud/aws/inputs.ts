import { choice, list, text } from '../../../step/input.ts';
import { ARCHITECTURE_SYNONYMS } from '../../../step/shared.ts';
import { matching } from '../../matching.ts';

/** The architecture of the instances and their workers. */
export const architecture = choice({
  summary: 'Architecture of the workers',
  question: 'Which architecture?',
  choices: [
    { value: 'x86_64', name: 'x86_64 (Intel, AMD)' },
    { value: 'arm64', name: 'arm64 (Graviton)', description: 'Cheaper; custom runner images must be built for it' },
  ],
  default: 'x86_64',
  synonyms: ARCHITECTURE_SYNONYMS,
});

/** The subnets of the instances. */
export const subnets = list({
  summary: 'Subnet for the instances',
  question: 'Subnet for the instances, such as subnet-0a1b2c3d (optional)',
  placeholder: 'ID',
  asked: true,
  parse: matching(/^subnet-[0-9a-f]{8,17}$/, 'the ID of a subnet, such as subnet-0a1b2c3d'),
});

/** The security groups of the instances. */
export const securityGroups = list({
  summary: 'Security group for the instances; only outbound traffic is needed',
  question: 'Security group for the instances, such as sg-0a1b2c3d (optional)',
  placeholder: 'ID',
  asked: true,
  parse: matching(/^sg-[0-9a-f]{8,17}$/, 'the ID of a security group, such as sg-0a1b2c3d'),
});

/** The type of the instances. */
export const instanceType = text({
  summary: 'EC2 instance type. Default: t3.small, or t4g.small for arm64',
  question: 'Which instance type?',
  placeholder: 'TYPE',
  default: (answers) => (answers['arch'] === 'arm64' ? 't4g.small' : 't3.small'),
  parse: matching(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'an EC2 instance type, such as t3.small'),
});
