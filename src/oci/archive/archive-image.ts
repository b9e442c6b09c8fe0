import { badImage } from '../bad-image.ts';
import { checkDigest, digestOf } from '../digest.ts';
import type { Image, Layer } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { formatStored } from '../location.ts';
import type { Platform } from '../platform.ts';
import { openArchive } from './archive.ts';
import { chooseSaved, parseConfiguration, parseSaved } from './docker-save.ts';
import { openStoredImage, type Store } from './stored-image.ts';

/**
 * An image of a tar archive: an OCI layout in one, or what `docker save` writes, which since version 25 is both.
 *
 * @throws UserError `SPACECTL_BAD_INPUT`, `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`, what `openArchive` throws
 */
export async function openArchiveImage(
  file: string,
  name: string | undefined,
  options: { readonly platform: Platform; readonly signal: AbortSignal; readonly report?: (progress: string) => void },
): Promise<Image> {
  const store = await openArchive(file, options);
  try {
    if ((await store.sizeOf('index.json')) !== undefined) return await openStoredImage(store, name, options.platform);
    if ((await store.sizeOf('manifest.json')) !== undefined) return await openSavedImage(store, name);
    throw badImage(`${file} is not an archive of an image: it has neither index.json nor manifest.json`, {
      suggestions: ['Make one with docker save, or skopeo copy … oci-archive:FILE'],
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** An archive without manifests: layers are known by the digests of what they unpack to. */
async function openSavedImage(store: Store, name: string | undefined): Promise<Image> {
  const images = parseSaved(await store.read('manifest.json', LIMITS.manifestBytes), store.name);
  const { config: file, layers } = chooseSaved(store.name, images, name);
  const bytes = await store.read(file, LIMITS.manifestBytes);
  const imageId = digestOf(bytes);
  const [promised] = /[0-9a-f]{64}/.exec(file) ?? [];
  if (promised) {
    const check = checkDigest(`sha256:${promised}`, `The configuration of ${store.name}`);
    check.update(bytes);
    check.finish();
  }
  const { platform, diffIds } = parseConfiguration(bytes, store.name);
  if (diffIds.length !== layers.length || layers.length > LIMITS.layers) {
    throw badImage(`${store.name} has ${layers.length} layers, and its configuration says ${diffIds.length}`);
  }
  const opened = await Promise.all(layers.map((layer, index) => layerOf(store, layer, diffIds[index] ?? '')));
  const reference = formatStored(store.name, name);
  return { reference, imageId, platform, layers: opened, close: () => store.close() };
}

async function layerOf(store: Store, file: string, digest: string): Promise<Layer> {
  const size = await store.sizeOf(file);
  if (size === undefined) throw badImage(`${store.name} has no ${file}: it is not a whole archive of an image`);
  return {
    digest,
    digestIsOf: 'unpacked',
    size,
    mediaType: 'application/vnd.docker.image.rootfs.diff.tar',
    open: (signal) => store.open(file, signal),
  };
}
