import { UserError } from '../core/errors.ts';
import { optionalText, text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText, days } from '../step/parsers.ts';
import { ec2Inputs } from './inputs.ts';
import type { Judged } from './judge.ts';

/** What becomes of images: one, those of a file, or those that something really runs. */
export const amiCheck = inquiry({
  inputs: {
    image: optionalText({
      summary: "Id of an image, or the vendor's name of one",
      positional: true,
      parse(image) {
        if (/^ami-[0-9a-f]{8,17}$/.test(image) || /^spacelift-\d+-(?:x86_64|arm64)$/.test(image)) return image;
        throw new UserError(
          'SPACECTL_BAD_INPUT',
          `"${image}" is neither an id (ami-…) nor a name (spacelift-…-x86_64)`,
        );
      },
    }),
    'terraform-state': optionalText({
      summary: 'Terraform state, or output of terraform show -json, whose images are checked; -: standard input',
      placeholder: 'FILE',
      parse: anyText,
    }),
    'auto-scaling-group': optionalText({
      summary: 'Auto-scaling group whose running instances are checked',
      placeholder: 'NAME',
      parse: anyText,
    }),
    'warn-days': text({
      summary: 'How many days before its deprecation an image is too old',
      placeholder: 'DAYS',
      asked: false,
      default: '30',
      parse: days,
    }),
    ...ec2Inputs,
  },
  async run(given, signal): Promise<{ images: readonly Judged[]; actionNeeded: boolean }> {
    const { judgeImages } = await import('./judge.ts');
    return judgeImages(
      {
        image: given.image,
        state: given['terraform-state'],
        group: given['auto-scaling-group'],
        file: given['images-file'],
        region: given.region,
        endpoint: given['endpoint-url'],
      },
      { now: new Date(), warnDays: given['warn-days'] },
      signal,
    );
  },
});
