import { UserError } from '../core/errors.ts';
import { type Descriptor, isIndexType } from './manifest.ts';
import { formatPlatform, type Platform, suitability } from './platform.ts';

/** The images of an index: attestations and other artifacts, which BuildKit puts beside them, are none. */
export function imagesOf(manifests: readonly Descriptor[]): readonly Descriptor[] {
  return manifests.filter(({ annotations, artifactType, platform }) => {
    const isAbout = annotations?.['vnd.docker.reference.type'] !== undefined;
    return !isAbout && !artifactType && platform?.os !== 'unknown';
  });
}

/**
 * The best of an index's images for a platform; of equals, the first. An only one without platform is for all; an index within may
 * have what is wanted.
 */
export function bestFor(images: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  const [only, ...others] = images;
  if (only && others.length === 0 && !only.platform) return only;
  let best: { image: Descriptor; fit: number } | undefined;
  for (const image of images) {
    const fit = image.platform ? suitability(image.platform, wanted) : 0;
    if (fit > (best?.fit ?? 0)) best = { image, fit };
  }
  return best?.image ?? images.find(({ mediaType, platform }) => !platform && isIndexType(mediaType));
}

/** The error for an index that has nothing for a platform: says what it has. */
export function noSuchPlatform(reference: string, images: readonly Descriptor[], wanted: Platform): UserError {
  const offered = [...new Set(images.flatMap(({ platform }) => (platform ? [formatPlatform(platform)] : [])))];
  const what = offered.length > 0 ? `only for ${offered.join(', ')}` : 'for no platform at all';
  return new UserError('SPACECTL_NO_IMAGE', `${reference} is not there for ${formatPlatform(wanted)}, ${what}`, {
    suggestions: offered.slice(0, 1).map((each) => `--platform ${each}`),
  });
}
