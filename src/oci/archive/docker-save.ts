import * as v from 'valibot';
import { badImage } from '../bad-image.ts';
import { platformNotFound } from '../choose-image.ts';
import { parseConfiguration } from '../configuration.ts';
import { digestOf } from '../digest.ts';
import type { Image, Layer } from '../image.ts';
import { readImageJson } from '../image-json.ts';
import { LIMITS } from '../limits.ts';
import { type Platform, rankPlatform } from '../platform.ts';
import { cleanName } from '../tar/paths.ts';
import { readChecked, type Store } from './store.ts';

/** One image of the `manifest.json` of `docker save` (moby, image/spec/v1.2.md). Files by their clean names. */
export interface SavedImage {
  readonly config: string;
  /** Digest of the configuration, which is the image's ID; where its file's name has none, that name. */
  readonly imageId: string;
  readonly tags: readonly string[];
  /** Bottom first. */
  readonly layers: readonly string[];
}

// Go writes null for a list that is empty: an image without tags or layers, an archive without images.
const texts = v.nullish(v.array(v.string()));
const list = v.nullable(v.array(v.object({ Config: v.string(), RepoTags: v.fallback(texts, null), Layers: texts })));

/** Reads `manifest.json`. @throws UserError `SPACECTL_BAD_IMAGE` */
export function parseSaved(bytes: Buffer, store: string): readonly SavedImage[] {
  const images = readImageJson(list, bytes, `manifest.json of ${store}`) ?? [];
  return images.map(({ Config, RepoTags: tags, Layers: layers }) => {
    const config = cleanName(Config);
    const [hex] = /[0-9a-f]{64}/.exec(config) ?? [];
    return { config, imageId: hex ? `sha256:${hex}` : config, tags: tags ?? [], layers: (layers ?? []).map(cleanName) };
  });
}

/** Reads the platform of an image, and the digests of its unpacked layers. @throws UserError as `readChecked` */
export async function readSavedConfiguration(
  store: Store,
  { config, imageId }: SavedImage,
): Promise<ReturnType<typeof parseConfiguration> & { readonly imageId: string }> {
  const isDigest = imageId.startsWith('sha256:');
  const bytes = isDigest
    ? await readChecked(store, config, { digest: imageId }, 'configuration')
    : await store.read(config, LIMITS.manifestBytes);
  return { ...parseConfiguration(bytes, store.name), imageId: digestOf(bytes) };
}

/**
 * Opens an image without a manifest: only the digests of its unpacked layers are known.
 *
 * @param isByDigest whether the digest of the image was given: then it may be for another platform
 * @throws UserError `SPACECTL_NO_IMAGE`, `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`
 */
export async function openSavedImage(
  store: Store,
  saved: SavedImage,
  wanted: Platform,
  isByDigest: boolean,
): Promise<Omit<Image, 'reference'>> {
  const { platform = wanted, diffIds, imageId, environment } = await readSavedConfiguration(store, saved);
  if (!isByDigest && rankPlatform(platform, wanted) === 0) throw platformNotFound(store.name, [{ platform }], wanted);
  const { layers } = saved;
  if (diffIds.length !== layers.length || layers.length > LIMITS.layers) {
    throw badImage(`${store.name} has ${layers.length} layers, but its configuration lists ${diffIds.length}`);
  }
  const opened = await Promise.all(layers.map((layer, index) => layerOf(store, layer, diffIds[index] ?? '')));
  return { imageId, platform, layers: opened, environment: async () => environment, close: () => store.close() };
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
