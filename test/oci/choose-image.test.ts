import { expect, test } from 'vitest';
import { chooseImage, listImages, platformNotFound } from '../../src/oci/choose-image.ts';
import type { Descriptor } from '../../src/oci/manifest.ts';
import { formatPlatform, parsePlatform, rankPlatform } from '../../src/oci/platform.ts';

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** A descriptor of an index, which `digest` names. @param platform `''`: it has none */
function entry(platform: string, more: Partial<Descriptor> = {}): Descriptor {
  const [os = '', architecture = '', variant] = platform.split('/');
  const own = platform === '' ? {} : { platform: { os, architecture, ...(variant && { variant }) } };
  return { mediaType: IMAGE, digest: `sha256:${platform}`, size: 1, ...own, ...more };
}

const choose = (offered: readonly Descriptor[], wanted: string) => chooseImage(offered, parsePlatform(wanted))?.digest;

// containerd/platforms: compare.go for variants, database.go for other spellings and what is meant without a variant.
test.each<[string, string, string | undefined]>([
  ['linux/amd64', 'linux/amd64 linux/arm64', 'linux/amd64'],
  ['linux/arm64', 'linux/amd64 linux/arm64', 'linux/arm64'],
  ['linux/s390x', 'linux/amd64 linux/arm64', undefined],
  ['windows/amd64', 'linux/amd64 windows/amd64', 'windows/amd64'],
  ['windows/amd64', 'linux/amd64', undefined],
  ['linux/arm64', 'linux/arm/v8 linux/amd64', undefined],
  ['linux/386', 'linux/amd64', undefined],
  ['linux/amd64', 'linux/x86_64', 'linux/x86_64'],
  ['linux/arm64', 'linux/aarch64', 'linux/aarch64'],
  ['linux/i386', 'linux/386', 'linux/386'],
  ['linux/arm64', 'linux/arm64/v8', 'linux/arm64/v8'],
  ['linux/arm64/v8', 'linux/arm64', 'linux/arm64'],
  ['linux/arm64', 'linux/arm64/v9', undefined],
  ['linux/arm64/v9', 'linux/arm64/v8 linux/arm64/v9', 'linux/arm64/v9'],
  ['linux/arm64/v9', 'linux/arm64/v8', 'linux/arm64/v8'],
  ['linux/arm', 'linux/arm/v6 linux/arm/v7', 'linux/arm/v7'],
  ['linux/arm', 'linux/arm/v7 linux/arm/v6', 'linux/arm/v7'],
  ['linux/arm/v7', 'linux/arm', 'linux/arm'],
  ['linux/arm/v6', 'linux/arm/v5 linux/arm/v6 linux/arm/v7', 'linux/arm/v6'],
  ['linux/arm/v6', 'linux/arm/v7', undefined],
  ['linux/arm/v6', 'linux/arm', undefined],
  ['linux/arm/v5', 'linux/arm/v6 linux/arm/v7', undefined],
  ['linux/amd64', 'linux/amd64/v2 linux/amd64/v3', undefined],
  ['linux/amd64', 'linux/amd64/v1', 'linux/amd64/v1'],
  ['linux/amd64/v3', 'linux/amd64 linux/amd64/v2 linux/amd64/v4', 'linux/amd64/v2'],
  ['linux/riscv64', 'linux/riscv64', 'linux/riscv64'],
  ['linux/amd64', '', undefined],
])('for %s, of %s: %s', (wanted, offered, expected) => {
  const images = offered
    .split(' ')
    .filter(Boolean)
    .map((each) => entry(each));
  expect(choose(images, wanted)).toBe(expected && `sha256:${expected}`);
});

test('of images that fit equally well, the first is chosen', () => {
  const [first, second] = [entry('linux/amd64', { digest: 'sha256:1' }), entry('linux/amd64', { digest: 'sha256:2' })];
  expect(choose([first, second], 'linux/amd64')).toBe('sha256:1');
});

test('an image without a platform is chosen only where there is no other', () => {
  expect(choose([entry('')], 'linux/amd64')).toBe('sha256:');
  expect(choose([entry(''), entry('', { digest: 'sha256:2' })], 'linux/amd64')).toBeUndefined();
  expect(choose([entry(''), entry('linux/arm64')], 'linux/amd64')).toBeUndefined();
  expect(choose([entry('linux/arm64')], 'linux/amd64')).toBeUndefined();
});

test('an index within the index is followed where no image fits, and the first of several', () => {
  const inner = entry('', { mediaType: INDEX, digest: 'sha256:inner' });
  const second = { ...inner, digest: 'sha256:second' };
  const docker = { ...inner, mediaType: 'application/vnd.docker.distribution.manifest.list.v2+json' };
  expect(choose([entry('linux/arm64'), inner, second], 'linux/amd64')).toBe('sha256:inner');
  expect(choose([entry(''), docker], 'linux/amd64')).toBe('sha256:inner');
  expect(choose([inner, entry('linux/amd64')], 'linux/amd64')).toBe('sha256:linux/amd64');
  const other = entry('linux/arm64', { mediaType: INDEX });
  expect(choose([other, entry('linux/s390x')], 'linux/amd64')).toBeUndefined();
});

// moby/buildkit, docs/attestations/attestation-storage.md; OCI image-spec, manifest.md, "artifactType".
test('attestations and other artifacts are not images', () => {
  const image = entry('linux/amd64');
  const others = [
    entry('unknown/unknown'),
    entry('unknown/amd64'),
    entry('linux/arm64', { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }),
    entry('', { artifactType: 'application/vnd.example.sbom' }),
  ];
  expect(listImages([...others, image])).toEqual([image]);
  const annotated = entry('', { annotations: { other: 'x' }, artifactType: '' });
  expect(listImages([annotated])).toEqual([annotated]);
});

test('the error for a missing platform lists those that exist, each once, and suggests one', () => {
  const offered = ['linux/amd64', 'linux/arm/v7', 'linux/amd64', ''].map((each) => entry(each));
  expect(platformNotFound('r.example/x:1', offered, parsePlatform('linux/arm64/v8'))).toMatchObject({
    code: 'SPACECTL_NO_IMAGE',
    message: 'r.example/x:1 has no image for linux/arm64/v8: it has linux/amd64, linux/arm/v7',
    suggestions: [{ text: 'Pass --platform linux/amd64' }],
  });
  expect(platformNotFound('r.example/x:1', [], parsePlatform('linux/amd64'))).toMatchObject({
    message: 'r.example/x:1 has no image for linux/amd64',
    suggestions: [],
  });
});

test.each([
  ['linux/amd64', 'linux/amd64'],
  [' Linux/X86_64 ', 'linux/amd64'],
  ['linux/x86-64', 'linux/amd64'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/i386', 'linux/386'],
  ['linux/arm64/v8', 'linux/arm64/v8'],
  ['linux/ppc64le', 'linux/ppc64le'],
])('the platform %s is %s', (text, expected) => {
  expect(formatPlatform(parsePlatform(text))).toBe(expected);
});

test.each([
  'linux',
  'linux/',
  '/amd64',
  'linux/arm/',
  'linux/arm/v7/x',
  'lin ux/amd64',
  'linux/am,d64',
  'linux/arm/v 7',
  '',
])('"%s" is not a platform', (text) => {
  expect(() => parsePlatform(text)).toThrow(
    expect.objectContaining({
      code: 'SPACECTL_BAD_INPUT',
      message: `"${text}" is not a platform: expected OS/ARCHITECTURE`,
      suggestions: [{ text: expect.stringContaining('linux/amd64') }],
    }),
  );
});

test('a variant that is not a number counts as the usual one', () => {
  const wanted = parsePlatform('linux/arm64');
  expect(rankPlatform({ os: 'linux', architecture: 'arm64', variant: 'armv9' }, wanted)).toBe(9);
  expect(rankPlatform({ os: 'linux', architecture: 'arm64', variant: '8' }, wanted)).toBe(9);
  expect(rankPlatform({ os: 'linux', architecture: 'aarch64', variant: 'v9' }, wanted)).toBe(0);
});
