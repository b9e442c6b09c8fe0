import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Compression, compressionOf } from '../core/compression.ts';
import { UserError } from '../core/errors.ts';
import { openToRead } from '../files/read.ts';
import { type ImageReference, isImageId, parseReference } from './reference.ts';

/** Where an image is stored. */
export type ImageLocation =
  | { readonly kind: 'registry'; readonly reference: ImageReference }
  | ({ readonly kind: 'docker' | 'podman' } & EngineImage)
  /** `name` selects one of several images, by tag, reference or digest. */
  | { readonly kind: 'archive' | 'oci-layout'; readonly path: string; readonly name?: string };

/** An image of a container engine, by its name, its ID, or what may be either. */
export interface EngineImage {
  readonly reference?: ImageReference;
  /** Hexadecimal digits, as many as were given. */
  readonly id?: string;
}

/** The kinds of location, as flags name them. */
export const LOCATION_KINDS = ['registry', 'docker', 'podman', 'archive', 'oci-layout'] as const;
export type LocationKind = (typeof LOCATION_KINDS)[number];

/**
 * Parses the location of an image: a reference, or the path of an archive or layout, followed by `:NAME` or `@DIGEST`
 * where it holds several images.
 *
 * @throws UserError `SPACECTL_BAD_INPUT`, `SPACECTL_NO_IMAGE` where the path does not exist
 */
export async function parseLocation(text: string, kind: LocationKind): Promise<ImageLocation> {
  if (kind === 'registry') return { kind, reference: parseReference(text) };
  if (kind === 'docker' || kind === 'podman') return { kind, ...parseEngineImage(text) };
  const found = await splitPath(text);
  if (!found) {
    throw new UserError('SPACECTL_NO_IMAGE', `${text} does not exist: expected an archive or an OCI layout`, {
      suggestions: ['Pass --image PATH, or --source registry if it is an image reference'],
    });
  }
  return { kind, ...found };
}

/** How many digits of an ID engines show. A shorter text may be one too, or a name. */
const SHOWN_DIGITS = 12;

/** Reports whether a text is, as far as anyone can tell, an ID: it has the digits that engines show of one, or more. */
export function looksLikeImageId(text: string): boolean {
  return isImageId(text) || (/^[0-9a-f]+$/.test(text) && text.length >= SHOWN_DIGITS);
}

function parseEngineImage(given: string): EngineImage {
  const text = given.trim();
  const id = text.replace(/^sha256:/, '');
  if (looksLikeImageId(text)) return { id };
  return { reference: parseReference(text), ...(/^[0-9a-f]+$/.test(text) && { id }) };
}

/**
 * Detects what is at a path: an archive, a layout, or some other file. `undefined` if it is none of these, so that the
 * text must be a reference.
 */
export async function detectKind(text: string): Promise<'archive' | 'oci-layout' | 'other file' | undefined> {
  const found = await splitPath(text);
  if (!found) return undefined;
  const stats = await stat(found.path);
  if (stats.isDirectory()) return (await isFile(path.join(found.path, 'index.json'))) ? 'oci-layout' : undefined;
  // A pipe can be read only once.
  return stats.isFile() && (await isArchive(found.path)) ? 'archive' : 'other file';
}

/** Splits a path and the name of an image in it. The longest existing path wins, since file names may contain colons. */
async function splitPath(text: string): Promise<{ path: string; name?: string } | undefined> {
  if (text !== '' && (await exists(text))) return { path: text };
  for (let end = text.length - 1; end > 0; end--) {
    if (!':@'.includes(text[end] ?? '')) continue;
    const file = text.slice(0, end);
    if (await exists(file)) return { path: file, name: text.slice(end + 1) };
  }
  return undefined;
}

/** Formats the location of an image in an archive or layout, for `parseLocation`. */
export function formatStored(path: string, name: string | undefined): string {
  return name === undefined ? path : `${path}:${name}`;
}

/** Reports whether a file starts like a tar archive, or like one compressed with gzip or zstd. */
async function isArchive(file: string): Promise<boolean> {
  const handle = await openToRead(file);
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

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}
