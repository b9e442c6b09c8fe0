import { gzipSync } from 'node:zlib';
import { listStored } from '../../../src/oci/archive/list-images.ts';
import type { Store } from '../../../src/oci/archive/store.ts';
import { openStoredImage } from '../../../src/oci/archive/stored-image.ts';
import { listImages } from '../../../src/oci/choose-image.ts';
import { parseConfiguration } from '../../../src/oci/configuration.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { parseInspection } from '../../../src/oci/engine/inspection.ts';
import type { Layer } from '../../../src/oci/image.ts';
import { ScanFilter } from '../../../src/oci/layers/filter.ts';
import { operationsIn } from '../../../src/oci/layers/operations.ts';
import { scanLayer } from '../../../src/oci/layers/scan.ts';
import { parseManifest } from '../../../src/oci/manifest.ts';
import { formatPlatform, parsePlatform, rankPlatform } from '../../../src/oci/platform.ts';
import { formatReference, parseReference } from '../../../src/oci/reference.ts';
import { unpackerFor } from '../../../src/oci/tar/decompress.ts';
import { readHeader } from '../../../src/oci/tar/header.ts';
import { buildTar, directory, file, hardlink, opaque, symlink, whiteout } from '../../services/tar.ts';
import type { Target } from '../target.ts';

const { signal } = new AbortController();
const SHA = `sha256:${'a1'.repeat(32)}`;
const PLATFORM = { os: 'linux', architecture: 'amd64' };

const long = `usr/${'share/'.repeat(30)}ca.crt`;
const entries = [
  directory('etc'),
  file('etc/ssl/certs/ca-certificates.crt', 'bundle'),
  symlink('etc/pki', '../usr/pki'),
  hardlink('etc/copy.pem', 'etc/ssl/certs/ca-certificates.crt'),
  whiteout('usr/old'),
  opaque('var'),
];
const archives = [
  buildTar(entries),
  buildTar(entries, { isOpenEnded: true }),
  buildTar([
    { ...file(long, 'x'.repeat(700)), format: 'pax' },
    { ...symlink('etc/x', long), format: 'pax' },
  ]),
  buildTar([
    { ...file(long, 'y'.repeat(30)), format: 'gnu' },
    { ...symlink('etc/y', long), format: 'gnu' },
  ]),
  buildTar([
    { ...file('etc/z', 'z'), format: 'base-256' },
    { ...directory('old'), format: 'v7' },
  ]),
];
/** A frame with one raw block, and one after a skippable frame (RFC 8878, 3.1). */
const frame = Buffer.concat([Buffer.from('28b52ffd0058290000', 'hex'), Buffer.from('hello')]);
const skippable = Buffer.concat([Buffer.from('502a4d1804000000', 'hex'), Buffer.from('abcd'), frame]);
/** A frame with a block that repeats one byte 40,000 times. */
const repeating = Buffer.from('28b52ffd0058' + '03e204' + '61', 'hex');

/** Reads bytes as a layer that matches its digest. */
async function scan(bytes: Buffer): Promise<unknown> {
  const layer: Layer = {
    digest: digestOf(bytes),
    size: bytes.length,
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    open: async () =>
      (async function* () {
        yield bytes.subarray(0, 700);
        yield bytes.subarray(700);
      })(),
  };
  const filter = new ScanFilter(['etc/ssl/certs/ca-certificates.crt', 'etc/pki/tls/cert.pem']);
  const { operations } = await scanLayer(layer, filter, { bytes: 16 * 1024 * 1024 }, { signal, mayBlock: true });
  return [...operationsIn(operations)];
}

const descriptor = (mediaType: string, more: object = {}) => ({ mediaType, digest: SHA, size: 500, ...more });
const manifest = {
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: descriptor('application/vnd.oci.image.config.v1+json'),
  layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip'), descriptor('application/octet-stream')],
};
const blob = Buffer.from(JSON.stringify(manifest));
const stored = { digest: digestOf(blob), size: blob.length };
const index = {
  schemaVersion: 2,
  manifests: [
    descriptor(manifest.mediaType, { ...stored, platform: { os: 'linux', architecture: 'amd64', variant: 'v1' } }),
    descriptor(manifest.mediaType, {
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    }),
  ],
};
const configuration = {
  os: 'linux',
  architecture: 'amd64',
  variant: 'v1',
  rootfs: { type: 'layers', diff_ids: [SHA] },
};
const saved = [{ Config: `blobs/sha256/${'a1'.repeat(32)}`, RepoTags: ['app:1'], Layers: ['layer/layer.tar'] }];
const inspected = [
  { Id: SHA, Os: 'linux', Architecture: 'amd64', Variant: '', RepoDigests: [`registry.example/app@${SHA}`] },
];

/** An archive in which one file is the input, and every other one but `without` is a manifest. */
function storeOf(bytes: Buffer, input: string, without?: string): Store {
  return {
    name: 'image.tar',
    path: 'image.tar',
    sizeOf: async (name) => (name === without ? undefined : name === input ? bytes.length : blob.length),
    read: async (name) => (name === input ? bytes : blob),
    open: async () => (async function* () {})(),
    close: async () => {},
  };
}

const json = (...documents: readonly unknown[]) => documents.map((each) => JSON.stringify(each));

export const IMAGE_TARGETS: Readonly<Record<string, Target>> = {
  'tar-header': {
    kind: 'bytes',
    seeds: archives.map((archive) => archive.subarray(0, 512)),
    parse: (bytes) => readHeader(Buffer.concat([bytes, Buffer.alloc(512)], 512)),
  },
  'tar-layer': { kind: 'bytes', seeds: archives, parse: scan },
  'gzip-layer': { kind: 'bytes', seeds: archives.map((archive) => gzipSync(archive)), parse: scan },
  zstd: {
    kind: 'bytes',
    seeds: [frame, skippable, repeating, Buffer.concat([frame, repeating])],
    async parse(bytes) {
      const unpacker = unpackerFor(bytes.subarray(0, 4), 'The layer', () => {});
      try {
        await unpacker.write(bytes);
        await unpacker.end();
      } finally {
        unpacker.destroy();
      }
    },
  },
  'image-manifest': {
    kind: 'json',
    seeds: json(manifest, index),
    parse(bytes) {
      const parsed = parseManifest(bytes, 'the image');
      if (parsed.kind === 'index')
        listImages(parsed.manifests).map(({ platform }) => platform && formatPlatform(platform));
    },
  },
  'image-index-file': {
    kind: 'json',
    seeds: json(index, { ...index, manifests: index.manifests.slice(0, 1) }),
    parse: (bytes) => openStoredImage(storeOf(bytes, 'index.json', 'manifest.json'), undefined, PLATFORM),
  },
  'image-configuration': {
    kind: 'json',
    seeds: json(configuration),
    parse(bytes) {
      const { platform } = parseConfiguration(bytes, 'image.tar');
      return platform && rankPlatform(platform, PLATFORM);
    },
  },
  'docker-save-manifest': {
    kind: 'json',
    seeds: json(saved, [...saved, { ...saved[0], RepoTags: null }]),
    parse: (bytes) => listStored(storeOf(bytes, 'manifest.json', 'index.json')),
  },
  'docker-image-inspect': {
    kind: 'json',
    seeds: json(inspected),
    parse: (bytes) => parseInspection({ program: 'docker' }, 'app:1', bytes),
  },
  'image-reference': {
    kind: 'text',
    seeds: [
      'alpine',
      'public.ecr.aws/spacelift/runner-terraform:latest',
      `localhost:5000/a/b@${SHA}`,
      '[::1]:5000/x:y',
    ],
    parse: (bytes) => formatReference(parseReference(bytes.toString())),
  },
  platform: { kind: 'text', seeds: ['linux/amd64', 'linux/arm/v7'], parse: (bytes) => parsePlatform(bytes.toString()) },
};
