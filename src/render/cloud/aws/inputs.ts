import { choice, list, text } from '../../../step/input.ts';
import { ARCHITECTURE_SYNONYMS } from '../../../step/shared.ts';
import { matching } from '../../matching.ts';

/** The architecture of instances, and so of workers. */
export const architecture = choice({
  summary: 'Architecture of the workers',
  question: 'Which architecture?',
  choices: [
    { value: 'x86_64', name: 'x86_64 (Intel, AMD)' },
    { value: 'arm64', name: 'arm64 (Graviton)', description: 'Cheaper; custom runner images have to be built for it' },
  ],
  default: 'x86_64',
  synonyms: ARCHITECTURE_SYNONYMS,
});

/** Where instances are started. */
export const subnets = list({
  summary: 'Subnet for the instances',
  question: 'Subnet for the instances, as in subnet-0a1b2c3d (leave empty to say it later)',
  placeholder: 'ID',
  asked: true,
  parse: matching(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet, as in subnet-0a1b2c3d'),
});

/** What instances may reach, and be reached by. */
export const securityGroups = list({
  summary: 'Security group for the instances; outbound traffic is enough',
  question: 'Security group for the instances, as in sg-0a1b2c3d (leave empty to say it later)',
  placeholder: 'ID',
  asked: true,
  parse: matching(/^sg-[0-9a-f]{8,17}$/, 'the id of a security group, as in sg-0a1b2c3d'),
});

/** Their size. */
export const instanceType = text({
  summary: 'EC2 instance type; t3.small or t4g.small, if not given',
  question: 'Which instance type?',
  placeholder: 'TYPE',
  default: (answers) => (answers['arch'] === 'arm64' ? 't4g.small' : 't3.small'),
  parse: matching(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'an EC2 instance type, as in t3.small'),
});
