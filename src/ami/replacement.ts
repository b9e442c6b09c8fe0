import { quoteIfNeeded } from '../core/text.ts';
import type { CheckedImage } from './check-images.ts';
import { needsAction } from './status.ts';

/**
 * Returns the commands that find newer images of Spacelift's on AWS, one for each architecture that needs one. Images whose
 * dates are not known are not called old.
 * @param region as given, for the command
 */
export function replacementCommands(images: readonly CheckedImage[], region: string | undefined): readonly string[] {
  const old = images.filter(({ id, removed, ...image }) => {
    const isOnAws = id !== undefined || removed !== undefined;
    return isOnAws && needsAction(image) && image.status !== 'unknown';
  });
  const where = region === undefined ? '' : ` --region ${quoteIfNeeded(region)}`;
  const architectures = new Set(old.map(({ architecture }) => architecture ?? 'x86_64'));
  return [...architectures].map((each) => `spacectl ami latest --arch ${each}${where}`);
}
