import { expression, type Value } from '../../format/hcl/hcl.ts';
import { use, type Variable } from '../../format/hcl/variables.ts';
import { API_KEY_VARIABLES } from '../api-key.ts';
import type { Module } from '../releases/index.ts';

/**
 * Returns what the autoscaler and the lifecycle manager need of an API key. Its secret is in Parameter Store, and only
 * referred to. Without a key, the module's plan fails for either of them (checks.tf@e09770e).
 */
export function apiKeyFor(slug: string, hasOwnRole: boolean) {
  const name = `/spacelift/${slug}/api-key-secret`;
  // The module gives instances AmazonSSMManagedInstanceCore (iam.tf@e09770e), which lets them read every parameter (AWS
  // Systems Manager User Guide), and runs reach the instance's credentials. An explicit denial wins over it.
  const denial = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'SpacectlNoApiKey',
        Effect: 'Deny',
        Action: 'ssm:GetParameter*',
        Resource: use('api_key_parameter_arn'),
      },
    ],
  };
  return {
    variables: [
      ...API_KEY_VARIABLES,
      {
        name: 'api_key_parameter_arn',
        type: 'string',
        description: `ARN of the parameter ${name} in Parameter Store, which holds the API key's secret`,
        example: `arn:aws:ssm:eu-west-1:123456789012:parameter${name}`,
        pattern: ['^arn:aws[a-z-]*:ssm:', 'the ARN of a parameter'],
      },
    ] satisfies Variable[],
    inputs: {
      spacelift_api_credentials: {
        api_key_id: use('spacelift_api_key_id'),
        api_key_endpoint: use('spacelift_api_key_endpoint'),
      },
      byo_ssm: { name, arn: use('api_key_parameter_arn') },
    },
    statements: hasOwnRole ? [] : [expression`jsonencode(${denial})`],
    warnings: hasOwnRole
      ? [
          "Deny your own IAM role to read the API key's parameter (ssm:GetParameter*): with AmazonSSMManagedInstanceCore, every worker, and so every run, can read it",
        ]
      : [],
    commands: [
      `Put the secret of an API key with admin rights into a file of mode 0600, then run: aws ssm put-parameter --type SecureString --name ${name} --value file://FILE`,
    ],
  };
}

/** Returns the module's `autoscaling_configuration`, with an autoscaler that the release's role allows to terminate instances. */
export function scalingFor({ autoscaler }: Module): Value {
  return {
    ...(autoscaler && { version: autoscaler }),
    architecture: 'amd64',
    schedule_expression: 'rate(1 minute)',
    max_create: 1,
    max_terminate: 1,
  };
}
