import { expect, test } from 'vitest';
import { parseSaved } from '../../src/oci/archive/docker-save.ts';
import { parseConfiguration } from '../../src/oci/configuration.ts';
import { parseInspection } from '../../src/oci/engine/inspection.ts';
import { parseManifest } from '../../src/oci/manifest.ts';
import { findBuildKitLayers } from '../../src/oci/registry/history.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 2 };
const platform = { os: 'linux', architecture: 'amd64' };

/** The documents about images that Go programs write, each with every list that may be empty, and its reader. */
const DOCUMENTS: readonly [string, unknown, (bytes: Buffer) => unknown][] = [
  ['a manifest', { schemaVersion: 2, config, layers: [] }, (bytes) => parseManifest(bytes, 'it')],
  ['an index', { schemaVersion: 2, manifests: [] }, (bytes) => parseManifest(bytes, 'it')],
  ['a manifest without a configuration', { schemaVersion: 2, layers: [] }, (bytes) => parseManifest(bytes, 'it')],
  [
    'a configuration',
    { ...platform, rootfs: { diff_ids: [] }, history: [] },
    (bytes) => parseConfiguration(bytes, 'it'),
  ],
  ['its history', { rootfs: { diff_ids: [] }, history: [] }, (bytes) => findBuildKitLayers(bytes, 0)],
  ['manifest.json', [{ Config: 'x.json', RepoTags: [], Layers: [] }], (bytes) => parseSaved(bytes, 'it')],
  ['an empty manifest.json', [], (bytes) => parseSaved(bytes, 'it')],
  [
    'what an engine says of an image',
    [{ Id: digest, Os: 'linux', Architecture: 'amd64', RepoDigests: [] }],
    (bytes) => parseInspection({ program: 'docker' }, 'it', bytes),
  ],
];

test.each(DOCUMENTS)('null, which Go writes for an empty list, is an empty list in %s', (_, document, parse) => {
  const text = JSON.stringify(document);
  const expected = parse(Buffer.from(text));
  const places = [...text.matchAll(/\[\]/g)].map(({ index }) => index);
  expect(places).not.toEqual([]);
  for (const at of places) {
    const changed = `${text.slice(0, at)}null${text.slice(at + 2)}`;
    expect(parse(Buffer.from(changed)), changed).toEqual(expected);
  }
});

test('in an index, a platform with null or nothing in it counts as missing, and the rest of it is kept', () => {
  const image = { ...config, mediaType: 'application/vnd.oci.image.manifest.v1+json' };
  const read = (platform: unknown) => {
    const manifest = parseManifest(Buffer.from(JSON.stringify({ manifests: [{ ...image, platform }] })), 'it');
    return manifest.kind === 'index' ? manifest.manifests[0]?.platform : manifest;
  };
  expect(read({ ...platform, variant: null, 'os.features': null })).toEqual(platform);
  expect(read({ os: '', architecture: '' })).toBeUndefined();
  expect(read(null)).toBeUndefined();
});
