import { block, expression, type Item, reference, type Value } from '../format/hcl/hcl.ts';
import type { EcsNames } from './names.ts';

const assumedBy = (service: string): Value =>
  expression`jsonencode(${{
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  }})`;

/** What the user decides about the roles. */
export interface Access {
  readonly permissionsBoundary: string | undefined;
  /** The key that the secrets are encrypted with, if it is not AWS's own. */
  readonly kmsKey: Value | undefined;
  /** Whether Session Manager allows shell access to the instances. */
  readonly hasSessionManager: boolean;
}

/**
 * What Session Manager needs (AWS Systems Manager User Guide, "Add Session Manager permissions to an existing IAM role").
 * AmazonSSMManagedInstanceCore would also let the instance read every parameter in Parameter Store.
 */
const SESSION_MANAGER = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        'ssm:UpdateInstanceInformation',
        ...['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map(
          (action) => `ssmmessages:${action}`,
        ),
      ],
      Resource: '*',
    },
  ],
};

/** Returns the role that starts tasks and reads exactly two secrets, and the role of the instances. */
export function roles(
  { slug }: EcsNames,
  { token, key }: { token: Value; key: Value },
  { permissionsBoundary, kmsKey, hasSessionManager }: Access,
): readonly Item[] {
  const attach = (name: string, role: string, policy: string) =>
    block('resource', ['aws_iam_role_policy_attachment', name], {
      role: reference(`aws_iam_role.${role}.name`),
      policy_arn: expression`"arn:\${data.aws_partition.current.partition}:iam::aws:policy/service-role/${reference(policy)}"`,
    });
  const mayRead = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: [token, key] },
      ...(kmsKey === undefined ? [] : [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: kmsKey }]),
    ],
  };
  const boundary = { permissions_boundary: permissionsBoundary };
  return [
    block('data', ['aws_partition', 'current']),
    'Starts tasks and reads the two secrets for them. The launcher itself has no role.',
    block('resource', ['aws_iam_role', 'execution'], {
      name_prefix: prefixFor(slug, 'task'),
      assume_role_policy: assumedBy('ecs-tasks.amazonaws.com'),
      ...boundary,
    }),
    attach('execution', 'execution', 'AmazonECSTaskExecutionRolePolicy'),
    block('resource', ['aws_iam_role_policy', 'secrets'], {
      name: 'read-secrets',
      role: reference('aws_iam_role.execution.id'),
      policy: expression`jsonencode(${mayRead})`,
    }),
    block('resource', ['aws_iam_role', 'instance'], {
      name_prefix: prefixFor(slug, 'ec2'),
      assume_role_policy: assumedBy('ec2.amazonaws.com'),
      ...boundary,
    }),
    attach('instance', 'instance', 'AmazonEC2ContainerServiceforEC2Role'),
    ...(hasSessionManager
      ? [
          block('resource', ['aws_iam_role_policy', 'session_manager'], {
            name: 'session-manager',
            role: reference('aws_iam_role.instance.id'),
            policy: expression`jsonencode(${SESSION_MANAGER})`,
          }),
        ]
      : []),
    block('resource', ['aws_iam_instance_profile', 'instance'], {
      name_prefix: prefixFor(slug, 'ec2'),
      role: reference('aws_iam_role.instance.name'),
    }),
  ];
}

/** Returns the prefix of a role's name, which may have at most 38 characters. */
function prefixFor(slug: string, what: string): string {
  return `${`spacelift-${what}-${slug}`.slice(0, 37)}-`;
}
