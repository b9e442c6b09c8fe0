import { expect, test } from 'vitest';
import { parseManifest } from '../../src/oci/manifest.ts';

const read = (document: unknown) => parseManifest(Buffer.from(JSON.stringify(document)), 'runner:1');
const digest = `sha256:${'0'.repeat(64)}`;
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: 1 };

test('in a manifest, null counts as missing', () => {
  expect(read({ layers: [layer], manifests: null, config: null })).toEqual({ kind: 'image', layers: [layer] });
  expect(read({ layers: null, manifests: [layer] })).toEqual({ kind: 'index', manifests: [layer] });
});

test('a malformed platform, annotation or artifact type is ignored', () => {
  const odd = { ...layer, platform: { os: 'linux' }, annotations: 'x', artifactType: 1 };
  expect(read({ manifests: [odd] })).toEqual({ kind: 'index', manifests: [layer] });
});

test.each([
  ['neither an image nor an index', {}],
  ['is malformed', []],
  ['neither an image nor an index', { layers: [layer], manifests: [layer] }],
  ['is malformed', null],
  ['"layers.0.size"', { layers: [{ ...layer, size: -1 }] }],
  ['"layers.0.digest"', { layers: [{ ...layer, digest: 'sha256:../..' }] }],
  ['"manifests.0"', { manifests: ['x'] }],
  ['schema 1', { schemaVersion: 1, fsLayers: [] }],
])('a manifest is refused with the reason: %s', (why, document) => {
  expect(() => read(document)).toThrow(expect.objectContaining({ code: 'SPACECTL_BAD_IMAGE' }));
  expect(() => read(document)).toThrow(why);
});
