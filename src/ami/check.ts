import { UserError } from '../core/errors.ts';
import { optionalText, text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText, days } from '../step/parsers.ts';
import { readImageName } from './aws/spacelift-images.ts';
import type { CheckedImages } from './check-images.ts';
import { ec2Inputs } from './inputs.ts';
import { checkImages } from './lazy.ts';
import { readCloudReference } from './lines/reference.ts';
import { AMI_ID } from './references.ts';
import { replacementCommands } from './replacement.ts';

/** The images that were checked, and the commands that find newer ones. */
export interface ImageCheck extends CheckedImages {
  readonly commands: readonly string[];
}

/** Checks when images are deprecated: one image, those of a file, or those in use. */
export const amiCheck = inquiry({
  inputs: {
    image: optionalText({
      summary: "ID of an AMI, name of one of Spacelift's, or a public image of Azure or Google Cloud",
      positional: true,
      parse: parseImage,
    }),
    'terraform-state': optionalText({
      summary: 'Check the images in a Terraform state, or in the output of terraform show -json; - for standard input',
      placeholder: 'FILE',
      parse: anyText,
    }),
    'auto-scaling-group': optionalText({
      summary: 'Check the images that an auto-scaling group runs, and those it would start next',
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
  async run(given, signal): Promise<ImageCheck> {
    const checked = await checkImages(
      {
        images: given.image === undefined ? [] : [given.image],
        state: given['terraform-state'],
        group: given['auto-scaling-group'],
        file: given['images-file'],
        region: given.region,
        endpoint: given['endpoint-url'],
      },
      { now: new Date(), warnDays: given['warn-days'] },
      signal,
    );
    return { ...checked, commands: replacementCommands(checked.images, given.region) };
  },
});

function parseImage(image: string): string {
  const isKnown = AMI_ID.test(image) || readImageName(image) || readCloudReference(image);
  if (isKnown) return image;
  throw new UserError('SPACECTL_BAD_INPUT', `"${image}" is not the ID or the name of an image`, {
    suggestions: [
      'AWS: ami-0a1b2c3d4e5f67890, or spacelift-1760000000-x86_64',
      'Google Cloud: projects/PROJECT/global/images/NAME, or …/family/FAMILY',
      'Azure: /communityGalleries/GALLERY/images/IMAGE/versions/latest',
    ],
  });
}
