import { badImage } from './bad-image.ts';
import { chooseImage, listImages, platformNotFound } from './choose-image.ts';
import { isConfiguration } from './configuration.ts';
import { LIMITS } from './limits.ts';
import type { Descriptor, Manifest } from './manifest.ts';
import { type Platform, rankPlatform } from './platform.ts';

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

/** What the place of an image knows about it. */
export interface ResolveOptions {
  /** Reads the platform of an image that no index lists with its platform; `undefined` if its configuration has none. */
  platformIn(config: Descriptor): Promise<Platform | undefined>;
  /** Whether the digest of the image was given: then it may be for another platform. */
  readonly isByDigest: boolean;
  /** Reports whether a manifest of an index is available: archives are often partial. */
  isStored?(which: Descriptor): boolean | Promise<boolean>;
}

/**
 * Follows indexes down to the manifest of the image for a platform.
 *
 * @param name names the image in errors
 * @throws UserError `SPACECTL_NO_IMAGE` if there is no image for the platform, `SPACECTL_BAD_IMAGE`, as `fetch`
 */
export async function resolveImage(
  name: string,
  platform: Platform,
  first: FoundManifest,
  fetch: (which: Descriptor) => Promise<FoundManifest>,
  { platformIn, isByDigest, isStored = () => true }: ResolveOptions,
): Promise<ResolvedImage> {
  let { digest, manifest } = first;
  let chosen: Platform | undefined;
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
  chosen ??= config && isConfiguration(config) ? await platformIn(config) : undefined;
  if (chosen && !isByDigest && rankPlatform(chosen, platform) === 0)
    throw platformNotFound(name, [{ platform: chosen }], platform);
  return {
    ...(indexDigest && { indexDigest }),
    manifestDigest: digest,
    platform: chosen ?? platform,
    layers,
    ...(config && { config }),
  };
}
