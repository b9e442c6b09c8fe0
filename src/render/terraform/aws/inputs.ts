import { onlyWhen, optionalText, text, yesNo } from '../../../step/input.ts';
import { matching, wholeNumber } from '../../../step/parsers.ts';
import { architecture } from '../../../step/shared.ts';
import { awsRegion, instanceType, securityGroups, subnets } from '../../cloud/aws/inputs.ts';
import { autoscaler, maxSize } from '../../cloud/inputs.ts';
import { commonInputs } from '../inputs.ts';

const wantsSpot = ({ spot }: { spot: boolean }) => spot;

/** A summary of Spacelift's own warning. */
export const SPOT_RISK =
  "AWS can stop a spot instance with two minutes' notice. A run can lose work, corrupt state or leave infrastructure inconsistent. Not for production.";

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
  'instance-refresh': yesNo({
    summary:
      'Drain and replace instances one by one when the configuration changes; needs an API key with admin rights',
  }),
  spot: yesNo({
    summary: 'Use spot instances; needs --accept-spot-risk',
    question: 'Use spot instances (for development and tests)?',
    asked: true,
  }),
  'accept-spot-risk': onlyWhen(
    wantsSpot,
    yesNo({
      summary: 'Accept the risk of spot instances for runs',
      question: 'Do you accept that risk?',
      description: SPOT_RISK,
      asked: true,
    }),
  ),
  'spot-max-price': onlyWhen(
    wantsSpot,
    optionalText({
      summary: 'Maximum price of a spot instance per hour, in dollars',
      placeholder: 'PRICE',
      parse: matching(/^\d{1,4}(?:\.\d{1,6})?$/, 'a price in dollars, such as 0.05'),
    }),
  ),
} as const;
