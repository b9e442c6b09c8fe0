import { badImage } from './bad-image.ts';
import { bestFor, imagesOf, noSuchPlatform } from './choose.ts';
import { LIMITS } from './limits.ts';
import type { Descriptor, Manifest } from './manifest.ts';
import type { Platform } from './platform.ts';

/** A manifest with its digest, checked. */
export interface FoundManifest {
  readonly digest: string;
  readonly manifest: Manifest;
}

/** One image, chosen from whatever indexes there are above it. */
export interface Resolved {
  readonly indexDigest?: string;
  readonly manifestDigest: string;
  readonly platform: Platform;
  readonly layers: readonly Descriptor[];
  readonly config?: Descriptor;
}

/**
 * Follows indexes down to the manifest of the image for a platform.
 *
 * @param name the image's, for errors
 * @param isThere whether something an index lists can be had: archives are often partial
 * @throws UserError `SPACECTL_NO_IMAGE` if there is none for the platform, `SPACECTL_BAD_IMAGE`, what `fetch` throws
 */
export async function resolveImage(
  name: string,
  platform: Platform,
  first: FoundManifest,
  fetch: (which: Descriptor) => Promise<FoundManifest>,
  isThere: (which: Descriptor) => boolean | Promise<boolean> = () => true,
): Promise<Resolved> {
  let { digest, manifest } = first;
  let chosen = platform;
  let indexDigest: string | undefined;
  for (let depth = 0; manifest.kind === 'index'; depth++) {
    if (depth === LIMITS.indexDepth) throw badImage(`${name} is an index of indexes of indexes, too deep to follow`);
    if (digest !== '') indexDigest ??= digest;
    const images: Descriptor[] = [];
    for (const each of imagesOf(manifest.manifests)) if (await isThere(each)) images.push(each);
    const best = bestFor(images, platform);
    if (!best) throw noSuchPlatform(name, images, platform);
    chosen = best.platform ?? chosen;
    ({ digest, manifest } = await fetch(best));
  }
  const { layers, config } = manifest;
  if (layers.length > LIMITS.layers) throw badImage(`${name} has ${layers.length} layers, more than anything can run`);
  return {
    ...(indexDigest && { indexDigest }),
    manifestDigest: digest,
    platform: chosen,
    layers,
    ...(config && { config }),
  };
}
