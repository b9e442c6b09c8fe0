import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { assembleImage, type Blob, blob, buildImage, type Entry, file, symlink } from '../services/image.ts';
import { BUNDLE, contentOf, platform, read } from '../services/image-in-memory.ts';
import { buildTar } from '../services/tar.ts';

const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const PLAIN = 'application/vnd.oci.image.layer.v1.tar';

/** The code an image of these stored layers is refused with. */
async function refusal(...layers: Blob[]): Promise<string> {
  return read(assembleImage(platform, layers)).then(
    () => 'accepted',
    (error) => error.code,
  );
}

test.each(['pax', 'gnu', 'base-256', 'v7', 'ustar'] as const)(
  'a file is read from an archive with %s headers',
  async (format) => {
    expect(await contentOf([[{ ...file(BUNDLE, 'x'.repeat(5000)), format }]])).toBe('x'.repeat(5000));
  },
);

test.each(['pax', 'gnu'] as const)('names and link targets of 300 characters are read: %s', async (format) => {
  const long = `${'very-long-name/'.repeat(20)}ca.pem`;
  const layers: Entry[][] = [
    [
      { ...symlink(BUNDLE, `/${long}`), format },
      { ...file(long, 'found'), format },
    ],
  ];
  const image = buildImage({ platform, layers, addParents: false });
  expect(await read(image)).toMatchObject({ resolvedPath: `/${long}`, bytes: Buffer.from('found') });
});

test('what follows the end of the archive does not count', async () => {
  const tar = Buffer.concat([buildTar([file(BUNDLE, 'v1')]), buildTar([file(BUNDLE, 'v2')])]);
  for (const layer of [blob(PLAIN, tar), blob(GZIP, gzipSync(tar))]) {
    expect((await read(assembleImage(platform, [layer]))).bytes.toString()).toBe('v1');
  }
});

test('an archive without an end, an empty one, and gzip of several members are read', async () => {
  const tar = buildTar([file(BUNDLE, 'v1')], { isOpenEnded: true });
  const members = Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700)), gzipSync('')]);
  const layers = [blob(GZIP, members), blob(PLAIN, Buffer.alloc(0)), blob(GZIP, gzipSync(''))];
  expect((await read(assembleImage(platform, layers))).bytes.toString()).toBe('v1');
});

test('the bytes decide about the compression, not the media type', async () => {
  const tar = buildTar([file(BUNDLE, 'v1')]);
  for (const layer of [blob(GZIP, tar), blob(PLAIN, gzipSync(tar)), blob(PLAIN.replace('tar', 'tar+zstd'), tar)]) {
    expect((await read(assembleImage(platform, [layer]))).bytes.toString()).toBe('v1');
  }
});

test.each<[string, string, Buffer, RegExp]>([
  [
    'foreign',
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    Buffer.alloc(0),
    /not stored in the registry/,
  ],
  ['encrypted', 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted', Buffer.alloc(0), /is encrypted/],
  [
    'no file system',
    'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
    Buffer.alloc(0),
    /may not be a container image/,
  ],
])('a layer of a kind that cannot be read is refused by name: %s', async (_, mediaType, bytes, message) => {
  const image = assembleImage(platform, [blob(mediaType, bytes)]);
  await expect(read(image)).rejects.toMatchObject({
    code: 'SPACECTL_BAD_IMAGE',
    message: expect.stringMatching(message),
  });
});

test('a layer that does not match its digest or size is refused', async () => {
  const good = blob(GZIP, gzipSync(buildTar([file(BUNDLE, 'v1')])));
  const flipped = Buffer.from(good.bytes);
  flipped[40] = (flipped[40] ?? 0) ^ 1;
  expect(await refusal({ ...good, bytes: flipped })).toBe('SPACECTL_DIGEST_MISMATCH');
  expect(await refusal({ ...good, bytes: good.bytes.subarray(0, -1) })).toBe('SPACECTL_DIGEST_MISMATCH');
  expect(await refusal({ ...good, bytes: Buffer.concat([good.bytes, Buffer.alloc(1)]) })).toBe(
    'SPACECTL_DIGEST_MISMATCH',
  );
  expect(await refusal({ ...good, digest: good.digest.replace('sha256', 'md5') })).toBe('SPACECTL_BAD_IMAGE');
});

test('a damaged archive is refused, even if its digest matches', async () => {
  const tar = buildTar([file(BUNDLE, 'x'.repeat(2000))]);
  const damaged = Buffer.from(tar);
  damaged[0] = 0x41;
  for (const bytes of [
    damaged,
    tar.subarray(0, 1500),
    tar.subarray(0, 300),
    gzipSync(tar).subarray(0, -9),
    Buffer.from('<html>'),
  ]) {
    expect(await refusal(blob(GZIP, bytes))).toBe('SPACECTL_BAD_IMAGE');
  }
});

test('an absurd size, a name of absurd length and a whiteout without a name are refused', async () => {
  const big = Buffer.from(buildTar([{ ...file(BUNDLE, ''), format: 'base-256' }]));
  big.fill(0x7f, 125, 136);
  const long: Entry = { ...file(`${'x'.repeat(5000)}/a`, ''), format: 'pax' };
  const archives = [big, buildTar([long]), buildTar([file('etc/.wh.', '')]), buildTar([file('etc/.wh...', '')])];
  for (const tar of archives) expect(await refusal(blob(PLAIN, tar))).toBe('SPACECTL_BAD_IMAGE');
});

test('a file too large for a trust store is not read into memory', async () => {
  const tar = buildTar([file(BUNDLE, Buffer.alloc(33 * 1024 * 1024))]);
  expect(await refusal(blob(GZIP, gzipSync(tar, { level: 1 })))).toBe('SPACECTL_BAD_IMAGE');
});
