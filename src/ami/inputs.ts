import { UserError } from '../core/errors.ts';
import { optionalText } from '../step/input.ts';

function matching(pattern: RegExp, meaning: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not ${meaning}`);
  };
}

/** What both commands need to ask EC2. */
export const ec2Inputs = {
  'images-file': optionalText({
    summary: 'Output of aws ec2 describe-images, instead of asking EC2; -: standard input',
    placeholder: 'FILE',
    parse: (file) => file,
  }),
  region: optionalText({
    summary: "Region; the AWS command line's own, if not given",
    placeholder: 'REGION',
    parse: matching(/^[a-z]{2,}(?:-[a-z]+)+-\d$/, 'the name of a region, as in eu-west-1'),
  }),
  'endpoint-url': optionalText({
    summary: "Address of EC2, if not the region's own",
    placeholder: 'URL',
    parse: matching(/^https?:\/\/\S+$/, 'an address'),
  }),
} as const;

/** A whole number of days. */
export function days(text: string): number {
  return Number(matching(/^\d{1,3}$/, 'a number of days')(text));
}

/** The number of an AWS account. */
export const account = matching(/^\d{12}$/, 'the number of an AWS account: 12 digits');
