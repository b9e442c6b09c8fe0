import { UserError } from '../core/errors.ts';
import { type Descriptor, isIndexType } from './manifest.ts';
import { formatPlatform, type Platform, rankPlatform } from './platform.ts';

/** Lists the images of an index, without the attestations and other artifacts that BuildKit adds to it. */
export function listImages(manifests: readonly Descriptor[]): readonly Descriptor[] {
  return manifests.filter(({ annotations, artifactType, platform }) => {
    const isAbout = annotations?.['vnd.docker.reference.type'] !== undefined;
    return !isAbout && !artifactType && platform?.os !== 'unknown';
  });
}

/**
 * Chooses the best of an index's images for a platform; of equals, the first. A single image without a platform fits all
 * of them. If none fits, the first index within the index is chosen, which may have one that does.
 */
export function chooseImage(images: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  const [only, ...others] = images;
  if (only && others.length === 0 && !only.platform) return only;
  let best: { image: Descriptor; fit: number } | undefined;
  for (const image of images) {
    const fit = image.platform ? rankPlatform(image.platform, wanted) : 0;
    if (fit > (best?.fit ?? 0)) best = { image, fit };
  }
  return best?.image ?? images.find(({ mediaType, platform }) => !platform && isIndexType(mediaType));
}

/** Creates the error for an image that does not exist for a platform; it lists the platforms of those that do. */
export function platformNotFound(
  reference: string,
  images: readonly Pick<Descriptor, 'platform'>[],
  wanted: Platform,
): UserError {
  const offered = [...new Set(images.flatMap(({ platform }) => (platform ? [formatPlatform(platform)] : [])))];
  const what = offered.length > 0 ? `: it has ${offered.join(', ')}` : '';
  return new UserError('SPACECTL_NO_IMAGE', `${reference} has no image for ${formatPlatform(wanted)}${what}`, {
    suggestions: offered.slice(0, 1).map((each) => `Pass --platform ${each}`),
  });
}
