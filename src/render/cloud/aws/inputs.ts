import { list, text } from '../../../step/input.ts';
import { matching } from '../../../step/parsers.ts';

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
  default: ({ arch }: { arch: 'x86_64' | 'arm64' }) => (arch === 'arm64' ? 't4g.small' : 't3.small'),
  parse: matching(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'an EC2 instance type, as in t3.small'),
});
