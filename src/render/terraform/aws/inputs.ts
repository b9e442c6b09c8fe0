import { type Answers, onlyWhen, optionalText, text, yesNo } from '../../../step/input.ts';
import { architecture, instanceType, securityGroups, subnets } from '../../cloud/aws/inputs.ts';
import { autoscaler, maxSize, region } from '../../cloud/inputs.ts';
import { count, matching } from '../../matching.ts';
import { commonInputs } from '../inputs.ts';

const wantsSpot = (answers: Answers) => answers['spot'] === true;

/** The vendor's warning, in short. */
export const SPOT_RISK =
  "A spot instance is taken away at two minutes' notice. State can be corrupted, infrastructure left inconsistent, work lost. Not for production.";

export const awsInputs = {
  // First: whether a URL to poll has to be asked for depends on it.
  'self-hosted-launcher': optionalText({
    summary: 'Launcher of a self-hosted installation',
    placeholder: 's3://BUCKET/KEY',
    parse: matching(
      /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/\S+$/,
      'an address in S3, as in s3://bucket/spacelift-launcher',
    ),
  }),
  ...commonInputs,
  region,
  subnet: subnets,
  'security-group': securityGroups,
  arch: architecture,
  'instance-type': instanceType,
  autoscaler,
  'min-size': text({
    summary: 'Fewest workers at a time; 0 with the autoscaler, otherwise 1, if not given',
    placeholder: 'NUMBER',
    asked: false,
    default: (answers) => (answers['autoscaler'] ? '0' : '1'),
    parse: count,
  }),
  'max-size': maxSize,
  'instance-refresh': yesNo({
    summary:
      'Drain and replace instances one after the other when the configuration changes; needs an API key with admin rights',
  }),
  spot: yesNo({
    summary: 'Use spot instances; needs --accept-spot-risk',
    question: 'Use spot instances, for development and tests?',
    asked: true,
  }),
  'accept-spot-risk': onlyWhen(
    wantsSpot,
    yesNo({
      summary: 'Confirm what spot instances can do to runs',
      question: 'Do you accept that risk?',
      description: SPOT_RISK,
      asked: true,
    }),
  ),
  'spot-max-price': onlyWhen(
    wantsSpot,
    optionalText({
      summary: 'Most to pay for a spot instance an hour, in dollars',
      placeholder: 'PRICE',
      parse: matching(/^\d{1,4}(?:\.\d{1,6})?$/, 'a price in dollars, as in 0.05'),
    }),
  ),
} as const;
