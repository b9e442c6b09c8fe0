import { type Answers, choice, list, onlyWhen, optionalText, text, yesNo } from '../../step/input.ts';
import { trustOnHost } from '../service-inputs.ts';
import { autoscaler, commonInputs, count, matching, maxSize, region } from './inputs.ts';

const wantsSpot = (answers: Answers) => answers['spot'] === true;

/** The vendor's warning, in short. */
export const SPOT_RISK =
  "A spot instance is taken away at two minutes' notice. State can be corrupted, infrastructure left inconsistent, work lost. Not for production.";

/** The architecture of workers on AWS. */
export const architecture = choice({
  summary: 'Architecture of the workers',
  question: 'Which architecture?',
  choices: [
    { value: 'x86_64', name: 'x86_64 (Intel, AMD)' },
    { value: 'arm64', name: 'arm64 (Graviton)', description: 'Cheaper; custom runner images have to be built for it' },
  ],
  default: 'x86_64',
});

export const subnets = list({
  summary: 'Subnet for the instances',
  question: 'Subnet for the instances, as in subnet-0a1b2c3d (leave empty to say it later)',
  placeholder: 'ID',
  asked: true,
  parse: matching(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet, as in subnet-0a1b2c3d'),
});

export const securityGroups = list({
  summary: 'Security group for the instances; outbound traffic is enough',
  question: 'Security group for the instances, as in sg-0a1b2c3d (leave empty to say it later)',
  placeholder: 'ID',
  asked: true,
  parse: matching(/^sg-[0-9a-f]{8,17}$/, 'the id of a security group, as in sg-0a1b2c3d'),
});

export const instanceType = text({
  summary: 'EC2 instance type; t3.small or t4g.small, if not given',
  question: 'Which instance type?',
  placeholder: 'TYPE',
  default: (answers) => (answers['arch'] === 'arm64' ? 't4g.small' : 't3.small'),
  parse: matching(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'an EC2 instance type, as in t3.small'),
});

export const awsInputs = {
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
      'Replace instances one after the other when the configuration changes; drains them where there is an API key',
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
  'trust-on-host': trustOnHost,
  'self-hosted-launcher': optionalText({
    summary: 'Launcher of a self-hosted installation',
    placeholder: 's3://BUCKET/KEY',
    parse: matching(
      /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/\S+$/,
      'an address in S3, as in s3://bucket/spacelift-launcher',
    ),
  }),
} as const;
