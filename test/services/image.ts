import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Platform } from '../../src/oci/index.ts';
import { send } from './send.ts';
import { buildTar, directory, type Entry } from './tar.ts';

export { directory, type Entry, file, hardlink, opaque, symlink, whiteout } from './tar.ts';

/** Bytes with what a manifest says about them. */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly bytes: Buffer;
}

/** An image for one platform, in memory. */
export interface BuiltImage {
  readonly platform: Platform;
  readonly manifest: Blob;
  readonly config: Blob;
  /** Bottom first. */
  readonly layers: readonly Blob[];
}

export interface BuildOptions {
  readonly platform: Platform;
  /** Bottom first. Parent directories that are not given are added before what is in them, as image builders do. */
  readonly layers: readonly (readonly Entry[])[];
  /** `false`: entries exactly as given. */
  readonly addParents?: boolean;
  readonly compression?: 'gzip' | 'none';
  /** Whose media types: OCI's, or Docker's schema 2. */
  readonly format?: 'oci' | 'docker';
  /** Variables of its containers: `NAME=value`. */
  readonly environment?: readonly string[];
}

const TYPES = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
    none: 'application/vnd.oci.image.layer.v1.tar',
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    gzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    none: 'application/vnd.docker.image.rootfs.diff.tar',
  },
} as const;

/**
 * Builds an image from descriptions of its files:
 *
 *     const amd64 = buildImage({
 *       platform: { os: 'linux', architecture: 'amd64' },
 *       layers: [[file('etc/ssl/certs/ca-certificates.crt', pem)], [whiteout('etc/old'), symlink('etc/new', '/etc/ssl')]],
 *     });
 *     await pushIndex(registry.url, 'spacelift/runner', 'latest', [amd64, arm64]);
 */
export function buildImage(options: BuildOptions): BuiltImage {
  const { platform, addParents = true, compression = 'gzip', format = 'oci', environment = [] } = options;
  const types = TYPES[format];
  const tars = options.layers.map((entries) => buildTar(addParents ? withParents(entries) : entries));
  const layers = tars.map((tar) => blob(types[compression], compression === 'gzip' ? gzipSync(tar) : tar));
  const diffIds = tars.map((tar) => digestOf(tar));
  return assemble(platform, layers, diffIds, format, environment);
}

/** An image of layers that are given as they are to be stored; for damaged and odd ones. */
export function assembleImage(
  platform: Platform,
  layers: readonly Blob[],
  format: 'oci' | 'docker' = 'oci',
): BuiltImage {
  return assemble(
    platform,
    layers,
    layers.map(({ digest }) => digest),
    format,
  );
}

function assemble(
  platform: Platform,
  layers: readonly Blob[],
  diffIds: readonly string[],
  format: 'oci' | 'docker',
  environment: readonly string[] = [],
): BuiltImage {
  const types = TYPES[format];
  const config = json(types.config, {
    ...platform,
    config: environment.length > 0 ? { Env: environment } : {},
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
  const manifest = json(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptor(config),
    layers: layers.map(descriptor),
  });
  return { platform, manifest, config, layers };
}

/** Bytes as a blob of some media type. */
export function blob(mediaType: string, bytes: Buffer): Blob {
  return { mediaType, digest: digestOf(bytes), size: bytes.length, bytes };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** An index of several images, with the attestation entries BuildKit adds if `hasAttestations`. */
export function buildIndex(
  images: readonly BuiltImage[],
  { format = 'oci', hasAttestations = false }: { format?: 'oci' | 'docker'; hasAttestations?: boolean } = {},
): { index: Blob; attestations: readonly BuiltImage[] } {
  const unknown: Platform = { os: 'unknown', architecture: 'unknown' };
  const attestations = hasAttestations
    ? images.map(({ manifest }) =>
        assembleImage(unknown, [blob('application/vnd.in-toto+json', Buffer.from(`{"of":"${manifest.digest}"}`))]),
      )
    : [];
  const index = json(TYPES[format].index, {
    schemaVersion: 2,
    mediaType: TYPES[format].index,
    manifests: [
      ...images.map(({ manifest, platform }) => ({ ...descriptor(manifest), platform })),
      ...attestations.map(({ manifest }, position) => ({
        ...descriptor(manifest),
        platform: unknown,
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': images[position]?.manifest.digest,
        },
      })),
    ],
  });
  return { index, attestations };
}

/** How to talk to a registry that asks for it. */
export interface PushOptions {
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
  /** PEM of the registry's authority. */
  readonly certificateAuthority?: string | undefined;
  readonly clientCertificate?: { readonly certificate: string; readonly key: string } | undefined;
}

/** Pushes images under one index, as `name:tag`. Returns the index's digest. */
export async function pushIndex(
  registryUrl: string,
  name: string,
  tag: string,
  images: readonly BuiltImage[],
  options: PushOptions & { format?: 'oci' | 'docker'; hasAttestations?: boolean } = {},
): Promise<string> {
  const { index, attestations } = buildIndex(images, options);
  for (const image of [...images, ...attestations])
    await pushImage(registryUrl, name, image.manifest.digest, image, options);
  await putManifest(registryUrl, name, tag, index, options);
  return index.digest;
}

/** Pushes one image as `name:tag`, or by its digest. Returns the manifest's digest. */
export async function pushImage(
  registryUrl: string,
  name: string,
  reference: string,
  { config, layers, manifest }: BuiltImage,
  options: PushOptions = {},
): Promise<string> {
  for (const each of [config, ...layers]) await putBlob(registryUrl, name, each, options);
  await putManifest(registryUrl, name, reference, manifest, options);
  return manifest.digest;
}

async function putBlob(
  registryUrl: string,
  name: string,
  { digest, bytes }: Blob,
  options: PushOptions,
): Promise<void> {
  const begun = await send('POST', `${registryUrl}/v2/${name}/blobs/uploads/`, options);
  const target = new URL(begun.headers.location ?? '', registryUrl);
  target.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await send('PUT', target.href, { ...options, headers, content: bytes });
}

async function putManifest(
  registryUrl: string,
  name: string,
  reference: string,
  { mediaType, bytes }: Blob,
  options: PushOptions,
): Promise<void> {
  const headers = { 'content-type': mediaType };
  await send('PUT', `${registryUrl}/v2/${name}/manifests/${reference}`, { ...options, headers, content: bytes });
}

/** Writes images as an OCI layout folder, each under a tag: what skopeo and umoci read. */
export async function writeLayout(folder: string, images: Readonly<Record<string, BuiltImage>>): Promise<void> {
  await mkdir(path.join(folder, 'blobs/sha256'), { recursive: true });
  const manifests = Object.entries(images).map(([tag, { manifest, platform }]) => ({
    ...descriptor(manifest),
    platform,
    annotations: { 'org.opencontainers.image.ref.name': tag },
  }));
  for (const { config, layers, manifest } of Object.values(images)) {
    for (const { digest, bytes } of [config, ...layers, manifest]) {
      await writeFile(path.join(folder, 'blobs/sha256', digest.slice('sha256:'.length)), bytes);
    }
  }
  await writeFile(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

function json(mediaType: string, value: unknown): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

function descriptor({ mediaType, digest, size }: Blob): Omit<Blob, 'bytes'> {
  return { mediaType, digest, size };
}

/** The entries with the directories above them, each before the first thing in it. */
export function withParents(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Set<string>();
  return entries.flatMap((entry) => {
    const components = entry.name.split('/').filter((each) => each !== '' && each !== '.');
    const parents = components.slice(0, -1).map((_, index) => components.slice(0, index + 1).join('/'));
    const missing = parents.filter((each) => !seen.has(each));
    for (const each of [...parents, components.join('/')]) seen.add(each);
    return [...missing.map((each) => directory(each)), entry];
  });
}
