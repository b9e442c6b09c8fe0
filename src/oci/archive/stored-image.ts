import type { Image } from '../image.ts';
import { formatStored } from '../location.ts';
import { type Descriptor, parseManifest } from '../manifest.ts';
import type { Platform } from '../platform.ts';
import { type FoundManifest, resolveImage } from '../resolve.ts';
import { chooseStored } from './choose-stored.ts';
import { openSavedImage } from './docker-save.ts';
import { listStored, readConfiguration, readPlatform } from './list-images.ts';
import { blobFile, readChecked, type Store } from './store.ts';

/**
 * Opens an image of an OCI layout (image-spec, image-layout.md), or of the output of `docker save`, which since version 25
 * is both.
 *
 * @param wanted selects one of several images: by tag, reference or digest
 * @throws UserError `SPACECTL_NO_IMAGE`, `SPACECTL_BAD_INPUT`, `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`
 */
export async function openStoredImage(store: Store, wanted: string | undefined, platform: Platform): Promise<Image> {
  const { image, isByDigest } = await chooseStored(store, await listStored(store), wanted, platform);
  const { content } = image;
  const opened =
    content.kind === 'saved'
      ? await openSavedImage(store, content.saved, platform, isByDigest)
      : await openListedImage(store, content.descriptor, platform, isByDigest);
  return { reference: formatStored(store.path, wanted), ...opened };
}

/** Opens an image that an index lists. */
async function openListedImage(
  store: Store,
  descriptor: Descriptor,
  platform: Platform,
  isByDigest: boolean,
): Promise<Omit<Image, 'reference'>> {
  const fetch = async (which: Descriptor): Promise<FoundManifest> => ({
    digest: which.digest,
    manifest: parseManifest(await readChecked(store, blobFile(which.digest), which, 'manifest'), store.name),
  });
  // The one that was chosen is reported as missing, not as one for another platform.
  const isStored = async (which: Descriptor) =>
    which === descriptor || (await store.sizeOf(blobFile(which.digest))) !== undefined;
  const first: FoundManifest = isByDigest
    ? await fetch(descriptor)
    : // The layout's own index is not part of the image, and has no digest.
      { digest: '', manifest: { kind: 'index', manifests: [descriptor] } };
  const platformIn = (config: Descriptor) => readPlatform(store, config);
  const found = await resolveImage(store.name, platform, first, fetch, { platformIn, isByDigest, isStored });
  const { layers, config, ...rest } = found;
  return {
    ...rest,
    layers: layers.map(({ digest, size, mediaType }) => ({
      digest,
      size,
      mediaType,
      open: (signal) => store.open(blobFile(digest), signal),
    })),
    environment: async () => config && (await readConfiguration(store, config))?.environment,
    close: () => store.close(),
  };
}
