import type { Variable } from '../../format/hcl/variables.ts';

/** What is asked about a group of EC2 instances, whatever runs on them. */
interface Fleet {
  readonly region: string | undefined;
  readonly subnet: readonly string[];
  readonly 'security-group': readonly string[];
  readonly arch: string;
  readonly 'instance-type': string;
}

/** The variables that say where a group of EC2 instances lives, and of what type they are. */
export function fleetVariables(given: Fleet): readonly Variable[] {
  const listed = (ids: readonly string[]) => (ids.length > 0 ? [...ids] : undefined);
  return [
    { name: 'region', type: 'string', description: 'AWS region', value: given.region, example: 'eu-west-1' },
    {
      name: 'subnets',
      type: 'list(string)',
      description: 'Subnets for the instances; they need a way out to the internet',
      value: listed(given.subnet),
      example: ['subnet-0a1b2c3d4e5f67890'],
      pattern: ['^subnet-[0-9a-f]+$', 'ids of subnets'],
    },
    {
      name: 'security_groups',
      type: 'list(string)',
      description: 'Security groups for the instances; outbound traffic is enough',
      value: listed(given['security-group']),
      example: ['sg-0a1b2c3d4e5f67890'],
      pattern: ['^sg-[0-9a-f]+$', 'ids of security groups'],
    },
    {
      name: 'instance_type',
      type: 'string',
      description: `EC2 instance type, of architecture ${given.arch}; a worker needs 2 GB of memory and 2 processors`,
      value: given['instance-type'],
      example: given['instance-type'],
    },
  ];
}
