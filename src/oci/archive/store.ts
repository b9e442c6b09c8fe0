import { checkDigest } from '../digest.ts';
import { LIMITS } from '../limits.ts';
import type { Descriptor } from '../manifest.ts';

/** Files by name, such as `blobs/sha256/…`: the directory of an OCI layout, or an archive of one. */
export interface Store {
  /** For messages. */
  readonly name: string;
  /** As it was given. */
  readonly path: string;
  /** Returns the size of a file in bytes; `undefined` if it does not exist. */
  sizeOf(file: string): Promise<number | undefined>;
  /** Reads a small file. @throws UserError `SPACECTL_BAD_IMAGE` where it is missing or too large */
  read(file: string, limit: number): Promise<Buffer>;
  open(file: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

/** Returns the file of a blob in an OCI layout (image-spec, image-layout.md). */
export function blobFile(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/**
 * Reads a manifest or a configuration and checks its digest.
 * @param what names it in errors: `manifest`
 * @throws UserError `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`
 */
export async function readChecked(
  store: Store,
  file: string,
  { digest, size }: Pick<Descriptor, 'digest'> & Partial<Pick<Descriptor, 'size'>>,
  what: string,
): Promise<Buffer> {
  const bytes = await store.read(file, LIMITS.manifestBytes);
  const check = checkDigest(digest, `The ${what} of ${store.name}`, size);
  check.update(bytes);
  check.finish();
  return bytes;
}
