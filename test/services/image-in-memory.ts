import { Readable } from 'node:stream';
import { UserError } from '../../src/core/errors.ts';
import { type Image, type ImageFile, readFirstFile } from '../../src/oci/index.ts';
import { type Blob, type BuiltImage, buildImage, type Entry } from './image.ts';

export const BUNDLE = 'etc/ssl/certs/ca-certificates.crt';
export const platform = { os: 'linux', architecture: 'amd64' };

/** A built image as readers see it, without a registry. Counts how often each layer is opened. */
export function inMemory({ layers, manifest, platform }: BuiltImage): Image & { readonly opened: readonly string[] } {
  const opened: string[] = [];
  return {
    reference: 'test/image:latest',
    manifestDigest: manifest.digest,
    platform,
    layers: layers.map(({ bytes, digest, mediaType, size }: Blob) => ({
      digest,
      mediaType,
      size,
      async open() {
        opened.push(digest);
        return Readable.from(pieces(bytes), { objectMode: false });
      },
    })),
    close() {},
    opened,
  };
}

/** Uneven pieces, so that nothing lines up with the blocks of an archive. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let [offset, size] = [0, 1]; offset < bytes.length; offset += size, size = (size * 7) % 4001 || 1) {
    yield bytes.subarray(offset, offset + size);
  }
}

/** What the reader under test finds: bytes, nothing, or that the image is malformed. */
export async function contentIn(image: Image, wanted: string): Promise<string | undefined> {
  try {
    return (await readFirstFile(image, [wanted], { signal: new AbortController().signal })).bytes.toString();
  } catch (error) {
    if (error instanceof UserError && error.code === 'SPACECTL_NO_BUNDLE') return undefined;
    // Compared like any other answer, so that the seed is told.
    return String(error);
  }
}

/** The first of the paths that the image has; the bundle of Debian if none is named. */
export async function read(image: BuiltImage, ...paths: string[]): Promise<ImageFile> {
  const wanted = paths.length > 0 ? paths : [`/${BUNDLE}`];
  return readFirstFile(inMemory(image), wanted, { signal: new AbortController().signal });
}

export async function contentOf(layers: Entry[][], ...paths: string[]): Promise<string> {
  return (await read(buildImage({ platform, layers }), ...paths)).bytes.toString();
}
