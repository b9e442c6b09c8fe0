import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Compression, compressionOf } from '../core/compression.ts';
import { UserError } from '../core/errors.ts';
import { type ImageReference, parseReference } from './reference.ts';

/** Where an image is kept. */
export type ImageLocation =
  | { readonly kind: 'registry' | 'docker' | 'podman'; readonly reference: ImageReference }
  /** `name`: which image of several, by tag, reference or digest. */
  | { readonly kind: 'archive' | 'oci-layout'; readonly path: string; readonly name?: string };

/** The kinds of place, in words that flags use. */
export const LOCATION_KINDS = ['registry', 'docker', 'podman', 'archive', 'oci-layout'] as const;
export type LocationKind = (typeof LOCATION_KINDS)[number];

/**
 * Reads where an image is: a reference, or the path of an archive or layout, with `:NAME` or `@DIGEST` after it where it
 * holds several images.
 *
 * @throws UserError `SPACECTL_BAD_INPUT`, `SPACECTL_NO_IMAGE` where there is no such file or folder
 */
export async function parseLocation(text: string, kind: LocationKind): Promise<ImageLocation> {
  if (kind !== 'archive' && kind !== 'oci-layout') return { kind, reference: parseReference(text) };
  const found = await splitPath(text);
  if (!found) throw new UserError('SPACECTL_NO_IMAGE', `There is no file or folder "${text}"`);
  return { kind, ...found };
}

/**
 * What is at a path, by its shape: an archive, a layout, or some other file. `undefined`: nothing that is one of these,
 * so that the text has to be a reference.
 */
export async function shapeOf(text: string): Promise<'archive' | 'oci-layout' | 'other file' | undefined> {
  const found = await splitPath(text);
  if (!found) return undefined;
  const stats = await stat(found.path);
  if (stats.isDirectory()) return (await isFile(path.join(found.path, 'index.json'))) ? 'oci-layout' : undefined;
  // A pipe can be read once only.
  return stats.isFile() && (await looksPacked(found.path)) ? 'archive' : 'other file';
}

/** A path, and the name of an image in it. The longest path that is there counts, since names of files may hold colons. */
async function splitPath(text: string): Promise<{ path: string; name?: string } | undefined> {
  if (text !== '' && (await isThere(text))) return { path: text };
  for (let end = text.length - 1; end > 0; end--) {
    if (!':@'.includes(text[end] ?? '')) continue;
    const file = text.slice(0, end);
    if (await isThere(file)) return { path: file, name: text.slice(end + 1) };
  }
  return undefined;
}

/** How to name an image of an archive or a layout, so that `parseLocation` finds it again. */
export function formatStored(path: string, name: string | undefined): string {
  return name === undefined ? path : `${path}:${name}`;
}

/** Whether a file starts like a tar archive, or one compressed with gzip or zstd. */
async function looksPacked(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    const start = buffer.subarray(0, bytesRead);
    return isLayerCompression(compressionOf(start)) || start.toString('latin1', 257, 262) === 'ustar';
  } finally {
    await handle.close();
  }
}

function isLayerCompression(compression: Compression | undefined): boolean {
  return compression === 'gzip' || compression === 'zstd';
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}
