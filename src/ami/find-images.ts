import { UserError } from '../core/errors.ts';
import { describeAvailable, openEc2 } from './aws/images.ts';
import type { Image } from './aws/lifecycle.ts';
import { isKnownRegion, isSpacelifts, spaceliftAccountIn } from './aws/spacelift-images.ts';
import { readDescribedImages } from './saved/described-images.ts';

type Given = Readonly<Record<'images-file' | 'owner' | 'region' | 'endpoint-url', string | undefined>> & {
  readonly arch: string;
};

/** Images to choose from, where they were looked for, and what to try if there is none. */
interface Choice {
  readonly images: readonly Image[];
  readonly where: string;
  readonly suggestion: string;
}

/**
 * Finds the images of Spacelift, or of another account, that can be used today: in a file or at EC2.
 * @throws UserError `SPACECTL_BAD_INPUT` in a region without an account of Spacelift's that is known
 */
export async function findImages(given: Given, signal: AbortSignal): Promise<Choice> {
  const { 'images-file': file, owner, region, 'endpoint-url': endpoint, arch } = given;
  if (file) {
    const images = (await readDescribedImages(file)).filter((each) => isUsable(each) && isOwned(each, owner));
    return { images, where: file, suggestion: 'Save the images of the right account, region and architecture' };
  }
  const ec2 = await openEc2({ region, endpoint, signal });
  try {
    const account = owner ?? spaceliftAccountIn(ec2.region);
    if (!account) {
      throw new UserError('SPACECTL_BAD_INPUT', `--region: Spacelift is not known to publish images in ${ec2.region}`, {
        suggestions: ['Copy an image from another region to your account, and pass the account as --owner'],
      });
    }
    const suggestion = isKnownRegion(ec2.region)
      ? 'Check --owner and --region'
      : `Spacelift is not known to publish images in ${ec2.region}: copy one from another region`;
    return {
      images: (await describeAvailable(ec2, account, arch)).filter(isUsable),
      where: `Account ${account} in ${ec2.region}`,
      suggestion,
    };
  } finally {
    ec2.close();
  }
}

/** A name alone proves nothing: anyone can publish an image under it. Files without owners are believed. */
function isOwned({ owner }: Image, wanted: string | undefined): boolean {
  return wanted === undefined ? isSpacelifts(owner) : owner === undefined || owner === wanted;
}

function isUsable({ state, deprecatedAt }: Image): boolean {
  return (state === undefined || state === 'available') && !(deprecatedAt && deprecatedAt <= new Date());
}
