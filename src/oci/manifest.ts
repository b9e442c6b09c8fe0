import * as v from 'valibot';
import { badImage } from './bad-image.ts';
import { readImageJson } from './image-json.ts';
import type { Platform } from './platform.ts';

/** Describes something that a manifest or an index points to (OCI image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: Platform | undefined;
  readonly annotations?: Readonly<Record<string, unknown>> | undefined;
  readonly artifactType?: string | undefined;
}

/** One image, or an index of several. */
export type Manifest =
  | { readonly kind: 'image'; readonly layers: readonly Descriptor[]; readonly config?: Descriptor | undefined }
  | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] };

/** The media types to ask a registry for: manifests and indexes, in OCI's and Docker's forms. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Reports whether a media type is that of an index. */
export function isIndexType(mediaType: string): boolean {
  return /\.(image\.index\.v1|manifest\.list\.v2)\+json$/.test(mediaType);
}

/** The form of a digest (descriptor.md, "Digests"); it also keeps what goes into URLs and paths harmless. */
const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[A-Za-z0-9=_-]+$/;

/** An optional field that is ignored where it is malformed, as engines do. */
function lenient<const Schema extends v.GenericSchema>(schema: Schema) {
  return v.fallback(v.optional(schema), undefined);
}

/** A platform; Go writes empty texts where it is not known. */
const platform = v.pipe(
  v.object({
    os: v.pipe(v.string(), v.nonEmpty()),
    architecture: v.pipe(v.string(), v.nonEmpty()),
    variant: v.nullish(v.string()),
  }),
  v.transform(({ os, architecture, variant }): Platform => ({ os, architecture, ...(variant && { variant }) })),
);

const descriptor = v.object({
  mediaType: v.string(),
  digest: v.pipe(
    v.string(),
    v.check((text) => DIGEST.test(text)),
  ),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  platform: lenient(platform),
  annotations: lenient(v.record(v.string(), v.unknown())),
  artifactType: lenient(v.string()),
});

const document = v.object({
  schemaVersion: v.optional(v.unknown()),
  layers: v.nullish(v.array(descriptor)),
  manifests: v.nullish(v.array(descriptor)),
  config: v.nullish(descriptor),
});

/**
 * Reads a manifest or an index. The content decides which it is, not the media type it was sent with; one that could be
 * read as either is rejected.
 *
 * @param what names it in errors
 * @throws UserError `SPACECTL_BAD_IMAGE`
 */
export function parseManifest(bytes: Buffer, what: string): Manifest {
  const { schemaVersion, layers, manifests, config } = readImageJson(document, bytes, `The manifest of ${what}`);
  if (schemaVersion === 1) {
    throw badImage(`${what} is in Docker's old format (schema 1), which has been retired`, {
      suggestions: ['Push the image again with a current version of Docker'],
    });
  }
  if (layers && !manifests) return { kind: 'image', layers, ...(config && { config }) };
  if (manifests && !layers) return { kind: 'index', manifests };
  // Go writes null for a list that is empty.
  if (!layers && !manifests) {
    if (layers === null && (config || manifests === undefined))
      return { kind: 'image', layers: [], ...(config && { config }) };
    if (manifests === null) return { kind: 'index', manifests: [] };
  }
  throw badImage(`The manifest of ${what} is neither an image nor an index of images`);
}
