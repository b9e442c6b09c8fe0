import { listImages as withoutArtifacts } from '../choose-image.ts';
import { isConfiguration, parseConfiguration } from '../configuration.ts';
import { LIMITS } from '../limits.ts';
import { type Descriptor, type Manifest, parseManifest } from '../manifest.ts';
import type { Platform } from '../platform.ts';
import { parseSaved, readSavedConfiguration, type SavedImage } from './docker-save.ts';
import { blobFile, readChecked, type Store } from './store.ts';

/** An image of an archive or layout, under one of its names; or an index of images for several platforms. */
export interface StoredImage {
  /** The full reference, if it has one. */
  readonly fullName?: string;
  /** The short name, such as a tag. */
  readonly tag?: string;
  /** Of the manifest or index; of the configuration if there is no manifest. */
  readonly digest: string;
  readonly content:
    | { readonly kind: 'manifest'; readonly descriptor: Descriptor }
    | { readonly kind: 'saved'; readonly saved: SavedImage };
}

/** The short name (image-spec, annotations.md), the full one, and what a signature or attestation is about (containerd). */
const TAG = 'org.opencontainers.image.ref.name';
const FULL_NAME = 'io.containerd.image.name';
const SUBJECT = 'io.containerd.manifest.subject';

/**
 * Lists the images of an archive or layout. `docker save` since version 25 writes both an index and `manifest.json`, and
 * only the latter may have images without a name, or their layers (moby/moby@b985e23,
 * daemon/internal/image/tarexport/save.go; moby/moby#47065).
 *
 * @throws UserError `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`
 */
export async function listStored(store: Store): Promise<readonly StoredImage[]> {
  const index = (await store.sizeOf('index.json')) === undefined ? [] : await readIndex(store);
  const saved = (await store.sizeOf('manifest.json')) === undefined ? [] : await readSaved(store);
  if (saved.length === 0) return index;
  const complete: StoredImage[] = [];
  const found = new Set<string>();
  for (const image of index) {
    const configs = image.content.kind === 'manifest' ? await configsIn(store, image.content.descriptor) : [];
    const isEmptied = configs.some(
      ({ hasLayers, digest }) => !hasLayers && saved.some((each) => each.imageId === digest),
    );
    if (!isEmptied) complete.push(image);
    for (const { digest } of isEmptied ? [] : configs) found.add(digest);
  }
  const others = saved.filter(({ imageId }) => !found.has(imageId));
  return [...complete, ...others.flatMap(namesOfSaved)];
}

async function readIndex(store: Store): Promise<readonly StoredImage[]> {
  const index = parseManifest(await store.read('index.json', LIMITS.manifestBytes), store.name);
  const manifests = index.kind === 'index' ? index.manifests : [];
  return withoutArtifacts(manifests)
    .filter(({ annotations }) => annotations?.[SUBJECT] === undefined)
    .map((descriptor) => {
      const [fullName, tag] = [FULL_NAME, TAG].map((name) => descriptor.annotations?.[name]);
      return {
        ...(isText(fullName) && { fullName }),
        ...(isText(tag) && { tag }),
        digest: descriptor.digest,
        content: { kind: 'manifest', descriptor },
      };
    });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

async function readSaved(store: Store): Promise<readonly SavedImage[]> {
  return parseSaved(await store.read('manifest.json', LIMITS.manifestBytes), store.name);
}

function namesOfSaved(saved: SavedImage): readonly StoredImage[] {
  const image: StoredImage = { digest: saved.imageId, content: { kind: 'saved', saved } };
  return saved.tags.length === 0 ? [image] : saved.tags.map((fullName) => ({ ...image, fullName }));
}

/** Reads a manifest or an index; `undefined` if the archive does not have it. */
async function readManifest(store: Store, descriptor: Descriptor): Promise<Manifest | undefined> {
  const file = blobFile(descriptor.digest);
  if ((await store.sizeOf(file)) === undefined) return undefined;
  return parseManifest(await readChecked(store, file, descriptor, 'manifest'), store.name);
}

/** Yields a descriptor, and those of the indexes and images below it, with their manifests. */
async function* manifestsBelow(
  store: Store,
  descriptor: Descriptor,
  depth = 0,
): AsyncGenerator<{ descriptor: Descriptor; manifest: Manifest | undefined }> {
  const manifest = await readManifest(store, descriptor);
  yield { descriptor, manifest };
  if (manifest?.kind !== 'index' || depth === LIMITS.indexDepth) return;
  for (const each of withoutArtifacts(manifest.manifests)) yield* manifestsBelow(store, each, depth + 1);
}

/** Lists the configurations of the images below a descriptor, and whether their manifests list any layers. */
async function configsIn(store: Store, top: Descriptor): Promise<readonly { digest: string; hasLayers: boolean }[]> {
  const configs: { digest: string; hasLayers: boolean }[] = [];
  for await (const { manifest } of manifestsBelow(store, top)) {
    if (manifest?.kind === 'image' && manifest.config)
      configs.push({ digest: manifest.config.digest, hasLayers: manifest.layers.length > 0 });
  }
  return configs;
}

/**
 * Finds the image with a digest: that of a manifest or an index, also of one within another index, or of a configuration,
 * which Docker and Podman call the image's ID.
 */
export async function findByDigest(store: Store, image: StoredImage, digest: string): Promise<StoredImage | undefined> {
  if (image.digest === digest) return image;
  if (image.content.kind === 'saved') return undefined;
  for await (const { descriptor, manifest } of manifestsBelow(store, image.content.descriptor)) {
    const isConfig = manifest?.kind === 'image' && manifest.config?.digest === digest;
    if (descriptor.digest === digest || isConfig)
      return { ...image, digest: descriptor.digest, content: { kind: 'manifest', descriptor } };
  }
  return undefined;
}

/** Lists the platforms that an image is for. */
export async function platformsOf(store: Store, { content }: StoredImage): Promise<readonly Platform[]> {
  if (content.kind === 'saved') {
    const { platform } = await readSavedConfiguration(store, content.saved);
    return platform ? [platform] : [];
  }
  if (content.descriptor.platform) return [content.descriptor.platform];
  const platforms: Platform[] = [];
  for await (const { descriptor, manifest } of manifestsBelow(store, content.descriptor)) {
    const config = manifest?.kind === 'image' ? manifest.config : undefined;
    const platform = descriptor.platform ?? (config && (await readPlatform(store, config)));
    if (platform) platforms.push(platform);
  }
  return platforms;
}

/** Reads the platform of an image from its configuration; `undefined` if it does not say. */
export async function readPlatform(store: Store, config: Descriptor): Promise<Platform | undefined> {
  return (await readConfiguration(store, config))?.platform;
}

/** Reads the configuration of an image; `undefined` if it is of something else. @throws UserError as `readChecked` */
export async function readConfiguration(
  store: Store,
  config: Descriptor,
): Promise<ReturnType<typeof parseConfiguration> | undefined> {
  if (!isConfiguration(config)) return undefined;
  const bytes = await readChecked(store, blobFile(config.digest), config, 'configuration');
  return parseConfiguration(bytes, store.name);
}
