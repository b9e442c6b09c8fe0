import { badImage } from '../bad-image.ts';
import { platformNotFound } from '../choose-image.ts';
import { parseConfiguration } from '../configuration.ts';
import { checkDigest, digestOf } from '../digest.ts';
import type { Image, Layer } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { formatStored } from '../location.ts';
import { type Platform, rankPlatform } from '../platform.ts';
import { openArchive } from './archive.ts';
import { chooseSaved, parseSaved } from './docker-save.ts';
import { openStoredImage, type Store } from './stored-image.ts';

/**
 * Opens an image of a tar archive: an archived OCI layout, or the output of `docker save`, which since version 25 is both.
 *
 * @throws UserError `SPACECTL_BAD_INPUT`, `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`, as `openArchive`
 */
export async function openArchiveImage(
  file: string,
  name: string | undefined,
  options: { readonly platform: Platform; readonly signal: AbortSignal; readonly report?: (progress: string) => void },
): Promise<Image> {
  const store = await openArchive(file, options);
  try {
    if ((await store.sizeOf('index.json')) !== undefined) return await openStoredImage(store, name, options.platform);
    if ((await store.sizeOf('manifest.json')) !== undefined) return await openSavedImage(store, name, options.platform);
    throw badImage(`${file} is not an image archive: it has neither index.json nor manifest.json`, {
      suggestions: ['docker save -o FILE IMAGE', 'skopeo copy docker://IMAGE oci-archive:FILE'],
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens an archive without manifests: only the digests of its unpacked layers are known. */
async function openSavedImage(store: Store, name: string | undefined, wanted: Platform): Promise<Image> {
  const images = parseSaved(await store.read('manifest.json', LIMITS.manifestBytes), store.name);
  const { config: file, layers } = chooseSaved(store.name, images, name);
  const bytes = await store.read(file, LIMITS.manifestBytes);
  const imageId = digestOf(bytes);
  const [expected] = /[0-9a-f]{64}/.exec(file) ?? [];
  if (expected) {
    const check = checkDigest(`sha256:${expected}`, `The configuration of ${store.name}`);
    check.update(bytes);
    check.finish();
  }
  const { platform = wanted, diffIds } = parseConfiguration(bytes, store.name);
  if (rankPlatform(platform, wanted) === 0) throw platformNotFound(store.name, [{ platform }], wanted);
  if (diffIds.length !== layers.length || layers.length > LIMITS.layers) {
    throw badImage(`${store.name} has ${layers.length} layers, but its configuration lists ${diffIds.length}`);
  }
  const opened = await Promise.all(layers.map((layer, index) => layerOf(store, layer, diffIds[index] ?? '')));
  const reference = formatStored(store.name, name);
  return { reference, imageId, platform, layers: opened, close: () => store.close() };
}

async function layerOf(store: Store, file: string, digest: string): Promise<Layer> {
  const size = await store.sizeOf(file);
  if (size === undefined) throw badImage(`${store.name} is incomplete: it has no ${file}`);
  return {
    digest,
    digestIsOf: 'unpacked',
    size,
    mediaType: 'application/vnd.docker.image.rootfs.diff.tar',
    open: (signal) => store.open(file, signal),
  };
}
