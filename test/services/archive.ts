import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Blob, type BuiltImage, blob } from './image.ts';
import { buildTar, type Entry, file } from './tar.ts';

/**
 * What `docker save` wrote before version 25: a folder for each layer, and no manifest of the image. A layer that is
 * there twice is a symbolic link the second time.
 *
 * @param images by their tags; layers unpacked
 */
export function dockerArchive(
  images: Readonly<Record<string, BuiltImage>> | readonly (readonly [string, BuiltImage])[],
): Buffer {
  const seen = new Map<string, string>();
  const entries: Entry[] = [];
  const tagged = Array.isArray(images) ? images : Object.entries(images);
  const list = tagged.map(([tag, { config, layers }], image) => {
    const configFile = `${config.digest.slice('sha256:'.length)}.json`;
    entries.push(file(configFile, config.bytes));
    const names = (layers as readonly Blob[]).map(({ digest, bytes }, index) => {
      const name = `layer-${image}-${index}/layer.tar`;
      const earlier = seen.get(digest);
      entries.push(earlier ? { name, type: 'symlink', target: `../${earlier}` } : file(name, bytes));
      seen.set(digest, earlier ?? name);
      return name;
    });
    return { Config: configFile, RepoTags: [tag], Layers: names };
  });
  return buildTar([...entries, file('manifest.json', JSON.stringify(list))]);
}

/** An image in the index of a layout, or an index of images there. */
export interface Listed {
  readonly image?: BuiltImage;
  readonly index?: Blob;
  readonly images?: readonly BuiltImage[];
  readonly annotations?: Readonly<Record<string, string>>;
}

const blobFile = ({ digest, bytes }: Blob): Entry => file(`blobs/${digest.replace(':', '/')}`, bytes);
const blobsOf = ({ config, layers, manifest }: BuiltImage) => [config, ...layers, manifest];
const described = ({ mediaType, digest, size }: Blob) => ({ mediaType, digest, size });

/** The files of an OCI layout. */
export function layoutFiles(listed: readonly Listed[]): Entry[] {
  const manifests = listed.flatMap(({ image, index, annotations }) => {
    const top = index ?? image?.manifest;
    const platform = image && !index ? { platform: image.platform } : {};
    return top ? [{ ...described(top), ...platform, ...(annotations && { annotations }) }] : [];
  });
  const blobs = listed.flatMap(({ image, index, images = [] }) => [
    ...(index ? [index] : []),
    ...[...images, ...(image ? [image] : [])].flatMap(blobsOf),
  ]);
  return [
    file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
    file('index.json', JSON.stringify({ schemaVersion: 2, manifests })),
    ...blobs.map(blobFile),
  ];
}

/**
 * The files of `docker save` since version 25, without the containerd image store: an OCI layout, and manifest.json, which
 * lists all images (moby/moby@b985e23, daemon/internal/image/tarexport/save.go).
 *
 * @param images by their tags, with layers unpacked; an empty tag stands for none
 */
export function savedFiles(
  images: Readonly<Record<string, BuiltImage>>,
  { index, hasLayers = true }: { index: readonly BuiltImage[] | null; hasLayers?: boolean },
): Entry[] {
  const withoutLayers = ({ manifest }: BuiltImage) =>
    blob(manifest.mediaType, Buffer.from(JSON.stringify({ ...JSON.parse(manifest.bytes.toString()), layers: null })));
  const entries = Object.entries(images).map(([tag, image]) => ({
    tag,
    image: hasLayers ? image : { ...image, manifest: withoutLayers(image) },
    isListed: index?.includes(image) ?? false,
  }));
  const manifests = entries
    .filter(({ isListed }) => isListed)
    .map(({ tag, image }) => ({
      ...described(image.manifest),
      annotations: {
        'io.containerd.image.name': `docker.io/library/${tag}`,
        'org.opencontainers.image.ref.name': tag.split(':')[1],
      },
    }));
  const list = entries.map(({ tag, image: { config, layers } }) => ({
    Config: `blobs/${config.digest.replace(':', '/')}`,
    RepoTags: tag === '' ? null : [tag],
    Layers: layers.map(({ digest }) => `blobs/${digest.replace(':', '/')}`),
  }));
  return [
    ...entries.flatMap(({ image }) => blobsOf(image)).map(blobFile),
    file('index.json', JSON.stringify({ schemaVersion: 2, manifests: index && manifests })),
    file('manifest.json', JSON.stringify(list)),
    file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
  ];
}

/** Writes files into a folder that need not be there. */
export async function writeFiles(folder: string, files: readonly Entry[]): Promise<void> {
  for (const { name, content = '' } of files) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}

/** Writes a file into a folder that need not be there. */
export async function writeInto(folder: string, name: string, bytes: Buffer): Promise<string> {
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, name);
  await writeFile(target, bytes);
  return target;
}
