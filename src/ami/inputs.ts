import { optionalText } from '../step/input.ts';
import { anyText, matching } from '../step/parsers.ts';
import { region } from '../step/shared.ts';

/** What both commands need to ask EC2. */
export const ec2Inputs = {
  'images-file': optionalText({
    summary: 'Output of aws ec2 describe-images, instead of asking EC2 (-: standard input)',
    placeholder: 'FILE',
    parse: anyText,
  }),
  region: { ...region, description: 'Default: the region of the AWS CLI.' },
  'endpoint-url': optionalText({
    summary: "URL of EC2 and Auto Scaling, instead of the region's endpoints",
    placeholder: 'URL',
    parse: matching(/^https?:\/\/\S+$/, 'an address'),
  }),
} as const;

/** Parses the number of an AWS account. */
export const account = matching(/^\d{12}$/, 'the number of an AWS account: 12 digits');
