import { UserError } from '../../core/errors.ts';
import { choice, list, optionalText, text, yesNo } from '../../step/input.ts';
import { matching, wholeNumber } from '../../step/parsers.ts';
import { architecture } from '../../step/shared.ts';
import { awsRegion, instanceType, securityGroups, subnets } from '../cloud/aws/inputs.ts';
import { instanceRefresh } from '../cloud/aws/instance-refresh.ts';
import { spotInputs } from '../cloud/aws/spot.ts';
import { maxSize, poolInputs } from '../cloud/inputs.ts';
import { commsInputs } from '../comms/inputs.ts';
import { hostInputs } from '../host/inputs.ts';
import { LONGEST_RUN, stopTimeout } from '../host/service-inputs.ts';
import { parseTag } from './tags.ts';

const secretArn = matching(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/,
  'the ARN of a secret in Secrets Manager',
);

/** The inputs of the ECS configuration. */
export const ecsInputs = {
  dir: hostInputs.dir,
  env: hostInputs.env,
  environment: hostInputs.environment,
  ...commsInputs,
  ...poolInputs,
  'launch-type': text({
    summary: 'Launch type: only ec2, because Fargate has no Docker socket',
    placeholder: 'TYPE',
    asked: false,
    default: 'ec2',
    parse(type): 'EC2' {
      if (type.toLowerCase() === 'ec2') return 'EC2';
      if (type.toLowerCase() === 'fargate') {
        throw new UserError(
          'SPACECTL_BAD_INPUT',
          'Fargate cannot run workers: the launcher starts a container for each run through the Docker socket of its host, which Fargate does not have',
        );
      }
      throw new UserError('SPACECTL_BAD_INPUT', `"${type}" is not a launch type that can run workers: use ec2`);
    },
  }),
  strategy: choice({
    summary:
      'daemon: one launcher on every instance; replica: a fixed number of launchers, at most one on each instance',
    question: 'How should ECS spread the launchers?',
    choices: [
      { value: 'daemon', name: 'one on every instance (daemon)' },
      {
        value: 'replica',
        name: 'a fixed number, one on each (replica)',
        description: 'A capacity provider adds instances',
      },
    ],
    default: 'daemon',
  }),
  region: awsRegion,
  subnet: subnets,
  'security-group': securityGroups,
  arch: architecture,
  'instance-type': instanceType,
  'max-size': maxSize,
  'stop-timeout': { ...stopTimeout, default: [String(LONGEST_RUN)] },
  'volume-size': text({
    summary: "Size of each instance's volume, in GiB",
    placeholder: 'GIB',
    asked: false,
    default: '30',
    // The snapshot of ECS's images (amazon-ecs-ami, variables.pkr.hcl: block_device_size_gb), and the most of a gp3 volume.
    parse: wholeNumber({ least: 30, most: 16_384, meaning: 'a size between 30 and 16384 GiB' }),
  }),
  'kms-key-arn': optionalText({
    summary: 'ARN of the KMS key that encrypts the volumes and the secrets. Default: keys that AWS manages',
    placeholder: 'ARN',
    parse: matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key'),
  }),
  tag: list({ summary: 'Tag for every resource that is created', placeholder: 'KEY=VALUE', parse: parseTag }),
  'permissions-boundary-arn': optionalText({
    summary: 'ARN of the policy that limits what the created roles may do',
    placeholder: 'ARN',
    parse: matching(/^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w/+=,.@-]+$/, 'the ARN of a policy'),
  }),
  'session-manager': yesNo({ summary: 'Allow shell access to the instances through Session Manager' }),
  'instance-refresh': instanceRefresh,
  ...spotInputs,
  spot: { ...spotInputs.spot, asked: false },
  'token-secret-arn': optionalText({
    summary: 'ARN of the secret with the token, for task-definition.json',
    placeholder: 'ARN',
    parse: secretArn,
  }),
  'private-key-secret-arn': optionalText({
    summary: 'ARN of the secret with the private key, for task-definition.json',
    placeholder: 'ARN',
    parse: secretArn,
  }),
  'execution-role-arn': optionalText({
    summary: 'ARN of the task execution role, for task-definition.json',
    placeholder: 'ARN',
    parse: matching(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w/+=,.@-]+$/, 'the ARN of a role'),
  }),
} as const;
