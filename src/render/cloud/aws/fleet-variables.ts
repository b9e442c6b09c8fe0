import type { Variable } from '../../format/hcl/variables.ts';

/** The answers about a group of EC2 instances. */
interface Fleet {
  readonly region: string | undefined;
  readonly subnet: readonly string[];
  readonly 'security-group': readonly string[];
  readonly arch: string;
  readonly 'instance-type': string;
}

/** Returns the variables for the place and the type of a group of EC2 instances. */
export function fleetVariables(given: Fleet): readonly Variable[] {
  const listed = (ids: readonly string[]) => (ids.length > 0 ? [...ids] : undefined);
  return [
    { name: 'region', type: 'string', description: 'AWS region', value: given.region, example: 'eu-west-1' },
    {
      name: 'subnets',
      type: 'list(string)',
      description: 'Subnets for the instances; they need outbound internet access',
      value: listed(given.subnet),
      example: ['subnet-0a1b2c3d4e5f67890'],
      pattern: ['^subnet-[0-9a-f]+$', 'IDs of subnets'],
    },
    {
      name: 'security_groups',
      type: 'list(string)',
      description: 'Security groups for the instances; only outbound traffic is needed',
      value: listed(given['security-group']),
      example: ['sg-0a1b2c3d4e5f67890'],
      pattern: ['^sg-[0-9a-f]+$', 'IDs of security groups'],
    },
    {
      name: 'instance_type',
      type: 'string',
      description: `EC2 instance type with architecture ${given.arch}; a worker needs 2 GB of memory and 2 CPUs`,
      value: given['instance-type'],
      example: given['instance-type'],
    },
  ];
}
