import { UserError } from '../core/errors.ts';
import { optionalText, text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText, days } from '../step/parsers.ts';
import type { CheckedImage } from './check-images.ts';
import { ec2Inputs } from './inputs.ts';

/** Checks when images are deprecated: one image, those of a file, or those in use. */
export const amiCheck = inquiry({
  inputs: {
    image: optionalText({
      summary: "ID of an image, or the name of one of Spacelift's",
      positional: true,
      parse(image) {
        if (/^ami-[0-9a-f]{8,17}$/.test(image) || /^spacelift-\d+-(?:x86_64|arm64)$/.test(image)) return image;
        throw new UserError(
          'SPACECTL_BAD_INPUT',
          `"${image}" is neither an image ID (ami-…) nor an image name (spacelift-…-x86_64)`,
        );
      },
    }),
    'terraform-state': optionalText({
      summary: 'Check the images in a Terraform state, or in the output of terraform show -json; - for standard input',
      placeholder: 'FILE',
      parse: anyText,
    }),
    'auto-scaling-group': optionalText({
      summary: 'Check the images of the running instances of an auto-scaling group',
      placeholder: 'NAME',
      parse: anyText,
    }),
    'warn-days': text({
      summary: 'Report images that are deprecated within this number of days',
      placeholder: 'DAYS',
      asked: false,
      default: '30',
      parse: days,
    }),
    ...ec2Inputs,
  },
  async run(given, signal): Promise<{ images: readonly CheckedImage[]; actionNeeded: boolean }> {
    const { checkImages } = await import('./check-images.ts');
    return checkImages(
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
