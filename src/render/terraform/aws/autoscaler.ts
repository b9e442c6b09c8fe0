import { use, type Variable } from '../../hcl/variables.ts';
import { API_KEY_VARIABLES } from '../api-key.ts';

/** The vendor's autoscaler and its API key: the key's secret in Parameter Store, by reference. */
export function autoscalerFor(slug: string) {
  const name = `/spacelift/${slug}/api-key-secret`;
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
      autoscaling_configuration: {
        architecture: 'amd64',
        schedule_expression: 'rate(1 minute)',
        max_create: 1,
        max_terminate: 1,
      },
    },
    commands: [
      `Put the API key's secret into a file of mode 0600, then: aws ssm put-parameter --type SecureString --name ${name} --value file://FILE`,
    ],
  };
}
