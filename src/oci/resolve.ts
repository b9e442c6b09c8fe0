import { badImage } from './bad-image.ts';
import { chooseImage, listImages, platformNotFound } from './choose-image.ts';
import { LIMITS } from './limits.ts';
import type { Descriptor, Manifest } from './manifest.ts';
import type { Platform } from './platform.ts';

/** A manifest that matches its digest. */
export interface FoundManifest {
  readonly digest: string;
  readonly manifest: Manifest;
}

/** An image, after the indexes above it are resolved. */
export interface ResolvedImage {
  readonly indexDigest?: string;
  readonly manifestDigest: string;
  readonly platform: Platform;
  readonly layers: readonly Descriptor[];
  readonly config?: Descriptor;
}

/**
 * Follows indexes down to the manifest of the image for a platform.
 *
 * @param name names the image in errors
 * @param isStored says whether a manifest of an index is available: archives are often partial
 * @throws UserError `SPACECTL_NO_IMAGE` if the index has no image for the platform, `SPACECTL_BAD_IMAGE`, as `fetch`
 */
export async function resolveImage(
  name: string,
  platform: Platform,
  first: FoundManifest,
  fetch: (which: Descriptor) => Promise<FoundManifest>,
  isStored: (which: Descriptor) => boolean | Promise<boolean> = () => true,
): Promise<ResolvedImage> {
  let { digest, manifest } = first;
  let chosen = platform;
  let indexDigest: string | undefined;
  for (let depth = 0; manifest.kind === 'index'; depth++) {
    if (depth === LIMITS.indexDepth) throw badImage(`${name} has more than ${LIMITS.indexDepth} levels of indexes`);
    if (digest !== '') indexDigest ??= digest;
    const images: Descriptor[] = [];
    for (const each of listImages(manifest.manifests)) if (await isStored(each)) images.push(each);
    const best = chooseImage(images, platform);
    if (!best) throw platformNotFound(name, images, platform);
    chosen = best.platform ?? chosen;
    ({ digest, manifest } = await fetch(best));
  }
  const { layers, config } = manifest;
  if (layers.length > LIMITS.layers)
    throw badImage(`${name} has ${layers.length} layers; the limit is ${LIMITS.layers}`);
  return {
    ...(indexDigest && { indexDigest }),
    manifestDigest: digest,
    platform: chosen,
    layers,
    ...(config && { config }),
  };
}
