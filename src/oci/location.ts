import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { openToRead, type ReadableFile } from '../files/read.ts';
import { type ImageReference, isImageId, parseReference } from './reference.ts';
import { isTar, isUnpackable, START_LENGTH } from './tar/forms.ts';

/** Where an image is stored. */
export type ImageLocation =
  | { readonly kind: 'registry'; readonly reference: ImageReference }
  | ({ readonly kind: 'docker' | 'podman' } & EngineImage)
  /** `name` selects one of several images, by tag, reference or digest. */
  | {
      readonly kind: 'archive' | 'oci-layout' | 'dir';
      /** `-` is standard input, for an archive. */
      readonly path: string;
      readonly name?: string;
      /** An archive that is open already. */
      readonly file?: ReadableFile;
    };

/** An image of a container engine, by its name, its ID, or what may be either. */
export interface EngineImage {
  readonly reference?: ImageReference;
  /** Hexadecimal digits, as many as were given. */
  readonly id?: string;
}

/** The kinds of location, as flags name them. */
export const LOCATION_KINDS = ['registry', 'docker', 'podman', 'archive', 'oci-layout', 'dir'] as const;
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
  const found = (kind === 'archive' && splitStandardInput(text)) || (await splitPath(text));
  if (!found) {
    throw new UserError(
      'SPACECTL_NO_IMAGE',
      `${text} does not exist: expected an archive or the directory of an image`,
      {
        suggestions: ['Pass --image PATH, or --source registry if it is an image reference'],
      },
    );
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
 * Detects what is at a path, by its content: an archive, an OCI layout, a directory that skopeo wrote (`dir:`), or some other
 * file. `root` is a directory with a root file system, which is no image. What `stream` is shows when it is read, which is possible only once: standard input, or a pipe.
 *
 * @returns `undefined` if it is none of these, so that the text must be a reference
 */
export async function detectKind(
  text: string,
): Promise<'archive' | 'oci-layout' | 'dir' | 'root' | 'stream' | 'other file' | undefined> {
  if (splitStandardInput(text)) return 'stream';
  const found = await splitPath(text);
  if (!found) return undefined;
  const stats = await stat(found.path);
  if (stats.isDirectory()) {
    const kind = await kindOfDirectory(found.path);
    // With a name behind it, as in `alpine:3.20`, it is a reference.
    return kind === 'root' && found.name !== undefined ? undefined : kind;
  }
  if (stats.isFIFO()) return 'stream';
  return stats.isFile() && (await isArchiveFile(found.path)) ? 'archive' : 'other file';
}

async function kindOfDirectory(folder: string): Promise<'oci-layout' | 'dir' | 'root' | undefined> {
  if (await isFile(path.join(folder, 'index.json'))) return 'oci-layout';
  if ((await isFile(path.join(folder, 'manifest.json'))) && (await isFile(path.join(folder, 'version')))) {
    // containers/image@df7e80d, directory/directory_dest.go.
    const version = await readStart(path.join(folder, 'version'));
    if (version.toString('latin1').startsWith('Directory Transport Version:')) return 'dir';
  }
  return (await exists(path.join(folder, 'etc'))) || (await exists(path.join(folder, 'usr'))) ? 'root' : undefined;
}

/** Splits `-:NAME`, an archive on standard input, as `splitPath` does. */
export function splitStandardInput(text: string): { path: string; name?: string } | undefined {
  const [, name] = /^-(?:[:@](.+))?$/s.exec(text) ?? [];
  if (name === undefined && text !== '-') return undefined;
  return { path: '-', ...(name !== undefined && { name }) };
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

/** Reports whether a file starts like a tar archive, or like one that is compressed. */
async function isArchiveFile(file: string): Promise<boolean> {
  const start = await readStart(file);
  return isUnpackable(start) || isTar(start);
}

async function readStart(file: string): Promise<Buffer> {
  const handle = await openToRead(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_LENGTH), 0, START_LENGTH, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}
