import { badImage } from './bad-image.ts';
import type { Platform } from './platform.ts';

/** What a manifest or an index says about something it points to (OCI image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly artifactType?: string;
}

/** One image, or a choice of images. */
export type Manifest =
  | { readonly kind: 'image'; readonly layers: readonly Descriptor[]; readonly config?: Descriptor }
  | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] };

/** What registries are asked for: OCI's and Docker's forms of both. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Whether a media type is that of an index. */
export function isIndexType(mediaType: string): boolean {
  return /\.(image\.index\.v1|manifest\.list\.v2)\+json$/.test(mediaType);
}

/**
 * Reads a manifest or an index. What it holds decides which, as for all who check that there is only one of the two.
 *
 * @param what names it in errors
 * @throws UserError `SPACECTL_BAD_IMAGE`
 */
export function parseManifest(bytes: Buffer, what: string): Manifest {
  let content: unknown;
  try {
    content = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw badImage(`The manifest of ${what} is not JSON`, { cause });
  }
  if (!isRecord(content)) throw badImage(`The manifest of ${what} is not one`);
  if (content['schemaVersion'] === 1) {
    throw badImage(`${what} is in Docker's old format (schema 1), which has been retired`, {
      suggestions: ['Push the image again with a current version of Docker'],
    });
  }
  const { layers, manifests, config } = content;
  if (Array.isArray(layers) && manifests === undefined) {
    const own = isRecord(config) ? { config: descriptor(config, what) } : {};
    return { kind: 'image', layers: layers.map((each) => descriptor(each, what)), ...own };
  }
  if (Array.isArray(manifests) && layers === undefined) {
    return { kind: 'index', manifests: manifests.map((each) => descriptor(each, what)) };
  }
  throw badImage(`The manifest of ${what} is neither an image nor an index of images`);
}

function descriptor(value: unknown, what: string): Descriptor {
  if (!isRecord(value)) throw badImage(`The manifest of ${what} has an entry that is none`);
  const { mediaType, digest, size, platform, annotations, artifactType } = value;
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || !Number.isSafeInteger(size) || Number(size) < 0) {
    throw badImage(`The manifest of ${what} has an entry without media type, digest or size`);
  }
  if (!DIGEST.test(digest)) throw badImage(`The manifest of ${what} has an entry whose digest is none`);
  return {
    mediaType,
    digest,
    size: Number(size),
    ...(isPlatform(platform) && { platform }),
    ...(isRecord(annotations) && { annotations }),
    ...(typeof artifactType === 'string' && { artifactType }),
  };
}

/** descriptor.md, "Digests": also keeps what goes into URLs harmless. */
const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[A-Za-z0-9=_-]+$/;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlatform(value: unknown): value is Platform {
  if (!isRecord(value)) return false;
  const { os, architecture, variant } = value;
  return typeof os === 'string' && typeof architecture === 'string' && /^(string|undefined)$/.test(typeof variant);
}
