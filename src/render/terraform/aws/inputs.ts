import { optionalText, text } from '../../../step/input.ts';
import { matching, wholeNumber } from '../../../step/parsers.ts';
import { architecture } from '../../../step/shared.ts';
import { awsRegion, instanceType, securityGroups, subnets } from '../../cloud/aws/inputs.ts';
import { instanceRefresh } from '../../cloud/aws/instance-refresh.ts';
import { spotInputs } from '../../cloud/aws/spot.ts';
import { autoscaler, maxSize } from '../../cloud/inputs.ts';
import { commonInputs } from '../inputs.ts';

/** The inputs of the Terraform configuration for AWS. */
export const awsInputs = {
  // First, because the wizard asks for a URL to poll depending on it.
  'self-hosted-launcher': optionalText({
    summary: 'Launcher of a self-hosted installation',
    placeholder: 's3://BUCKET/KEY',
    parse: matching(
      /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/\S+$/,
      'an S3 URI, such as s3://bucket/spacelift-launcher',
    ),
  }),
  ...commonInputs,
  region: awsRegion,
  subnet: subnets,
  'security-group': securityGroups,
  arch: architecture,
  'instance-type': instanceType,
  autoscaler,
  'min-size': text({
    summary: 'Minimum number of workers. Default: 0 with the autoscaler, otherwise 1',
    placeholder: 'NUMBER',
    asked: false,
    default: ({ autoscaler: isScaled }: { autoscaler: boolean }) => (isScaled ? '0' : '1'),
    parse: wholeNumber(),
  }),
  'max-size': maxSize,
  'instance-refresh': instanceRefresh,
  ...spotInputs,
} as const;
