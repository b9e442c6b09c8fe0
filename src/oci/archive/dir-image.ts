import { digestOf } from '../digest.ts';
import type { Image } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { parseManifest } from '../manifest.ts';
import type { Platform } from '../platform.ts';
import { folderStore } from './folder-store.ts';
import { blobFile, type Store } from './store.ts';
import { openStoredImage } from './stored-image.ts';

/**
 * Opens the image of a directory that skopeo wrote (`dir:`; containers/image@df7e80d, directory/directory_transport.go). It
 * has one image or index, without a name.
 *
 * @throws UserError as `openStoredImage`, `SPACECTL_CANNOT_READ`
 */
export async function openDirImage(folder: string, name: string | undefined, platform: Platform): Promise<Image> {
  return openStoredImage(await asLayout(folderStore(folder, 'image directory')), name, platform);
}

/** Makes such a directory look like an OCI layout: it names the same files in other ways. */
async function asLayout(store: Store): Promise<Store> {
  const manifest = await store.read('manifest.json', LIMITS.manifestBytes);
  const { kind } = parseManifest(manifest, store.name);
  const digest = digestOf(manifest);
  const top = { mediaType: `application/vnd.oci.image.${MEDIA_TYPES[kind]}.v1+json`, digest, size: manifest.length };
  const index = Buffer.from(JSON.stringify({ manifests: [top] }));
  /** The file that a layout would have under this name. */
  const fileFor = async (file: string): Promise<string> => {
    if (file === blobFile(digest)) return 'manifest.json';
    const hex = file.slice(file.lastIndexOf('/') + 1);
    return (await store.sizeOf(`${hex}.manifest.json`)) === undefined ? hex : `${hex}.manifest.json`;
  };
  return {
    ...store,
    async sizeOf(file) {
      if (file === 'index.json') return index.length;
      return file.startsWith('blobs/') ? store.sizeOf(await fileFor(file)) : undefined;
    },
    read: async (file, limit) => (file === 'index.json' ? index : store.read(await fileFor(file), limit)),
    open: async (file, signal) => store.open(await fileFor(file), signal),
  };
}

const MEDIA_TYPES = { image: 'manifest', index: 'index' } as const;
