import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type ImageFile, readFirstFile } from '../../src/oci/index.ts';
import {
  assembleImage,
  type Blob,
  type BuiltImage,
  blob,
  buildImage,
  directory,
  type Entry,
  file,
  hardlink,
  opaque,
  symlink,
  whiteout,
} from '../services/image.ts';
import { buildTar } from '../services/tar.ts';
import { inMemory } from './image-in-memory.ts';

const BUNDLE = 'etc/ssl/certs/ca-certificates.crt';
const platform = { os: 'linux', architecture: 'amd64' };
const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const PLAIN = 'application/vnd.oci.image.layer.v1.tar';

async function read(image: BuiltImage, ...paths: string[]): Promise<ImageFile> {
  const wanted = paths.length > 0 ? paths : [`/${BUNDLE}`];
  return readFirstFile(inMemory(image), wanted, { signal: new AbortController().signal });
}

async function contentOf(layers: Entry[][], ...paths: string[]): Promise<string> {
  return (await read(buildImage({ platform, layers }), ...paths)).bytes.toString();
}

/** The code an image of these stored layers is refused with. */
async function refusal(...layers: Blob[]): Promise<string> {
  return read(assembleImage(platform, layers)).then(
    () => 'accepted',
    (error) => error.code,
  );
}

test.each<[string, Entry[][], string]>([
  ['the uppermost wins', [[file(BUNDLE, 'v1')], [file(BUNDLE, 'v2')]], 'v2'],
  [
    'its own whiteout after it does not concern it',
    [[file(BUNDLE, 'v1')], [file(BUNDLE, 'v2'), whiteout(BUNDLE)]],
    'v2',
  ],
  ['opaque after it', [[file(BUNDLE, 'v1')], [file(BUNDLE, 'v2'), opaque('etc/ssl/certs')]], 'v2'],
  ['opaque before it', [[file(BUNDLE, 'v1')], [opaque('etc/ssl/certs'), file(BUNDLE, 'v2')]], 'v2'],
  ['removed and made again above', [[file(BUNDLE, 'v1')], [whiteout('etc/ssl')], [file(BUNDLE, 'v3')]], 'v3'],
  ['duplicates: the last wins', [[file(BUNDLE, 'v1'), file(BUNDLE, 'v2')]], 'v2'],
  [
    'a parent replaced by a link',
    [[file(BUNDLE, 'old'), file('opt/certs/ca-certificates.crt', 'new')], [symlink('etc/ssl', '../opt')]],
    'new',
  ],
  ['a parent replaced by a file and back', [[file(BUNDLE, 'v1')], [file('etc/ssl', '')], [file(BUNDLE, 'v3')]], 'v3'],
  [
    'a link to a file that a higher layer changes',
    [[symlink(BUNDLE, '/opt/ca.pem'), file('opt/ca.pem', 'v1')], [file('opt/ca.pem', 'v2')]],
    'v2',
  ],
  ['a link out of the image ends at its root', [[symlink(BUNDLE, '../../../../../../x/ca'), file('x/ca', 'in')]], 'in'],
  [
    'a hard link keeps its content when its twin changes',
    [[file('etc/a', 'v1'), hardlink(BUNDLE, 'etc/a')], [file('etc/a', 'v2')]],
    'v1',
  ],
  ['… and when it is removed', [[file('etc/a', 'v1'), hardlink(BUNDLE, '/etc/a')], [whiteout('etc/a')]], 'v1'],
  ['a hard link to a lower layer', [[file('etc/a', 'v1')], [hardlink(BUNDLE, './etc/a')]], 'v1'],
  [
    'a hard link to a file that nobody asks for',
    [[file('opt/strange name', 'v1')], [hardlink(BUNDLE, 'opt/strange name')], [file('opt/strange name', 'v2')]],
    'v1',
  ],
])('%s', async (_, layers, content) => {
  expect(await contentOf(layers)).toBe(content);
});

test.each<[string, Entry[][]]>([
  ['removed above', [[file(BUNDLE, 'v1')], [whiteout(BUNDLE)]]],
  ['its folder emptied above', [[file(BUNDLE, 'v1')], [opaque('etc')]]],
  ['everything removed above', [[file(BUNDLE, 'v1')], [opaque('')]]],
  ['a parent replaced by a file', [[file(BUNDLE, 'v1')], [file('etc/ssl', 'file')]]],
  ['links in circles', [[symlink(BUNDLE, 'other'), symlink('etc/ssl/certs/other', 'ca-certificates.crt')]]],
  ['a folder', [[directory(BUNDLE)]]],
  ['empty', [[file(BUNDLE, 'v1')], [file(BUNDLE, '')]]],
  ['a pipe', [[{ name: BUNDLE, type: 'fifo' }]]],
  ['no layers at all', []],
])('finds no bundle: %s', async (_, layers) => {
  await expect(contentOf(layers)).rejects.toMatchObject({ code: 'SPACECTL_NO_BUNDLE', exitCode: 65 });
});

test.each<[string, Entry[], string]>([
  ['links in circles', [symlink(BUNDLE, 'ca-certificates.crt')], `/${BUNDLE} leads through more than 40 links`],
  ['an empty file', [file(BUNDLE, '')], `/${BUNDLE} is empty`],
])('says why it finds no bundle: %s', async (_, layer, why) => {
  await expect(contentOf([layer])).rejects.toMatchObject({ message: expect.stringContaining(why) });
});

test('tells where the file is, and which layers it has looked at', async () => {
  const image = buildImage({
    platform,
    layers: [
      [file('etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', 'red hat')],
      [symlink('etc/ssl/certs', '../pki/tls/certs')],
      [symlink('etc/pki/tls/certs/ca-bundle.crt', '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem')],
    ],
  });
  const found = await read(image, '/etc/missing.pem', '/etc/ssl/certs/ca-bundle.crt');
  const [bottom, , top] = image.layers;
  expect(found).toMatchObject({
    path: '/etc/ssl/certs/ca-bundle.crt',
    resolvedPath: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
    layer: bottom?.digest,
  });
  expect(found.bytes.toString()).toBe('red hat');
  expect(found.verifiedLayers).toHaveLength(3);
  expect(found.verifiedLayers[0]).toBe(top?.digest);
});

test('does not ask for layers below the one that settles it, nor twice for the same', async () => {
  const layers = [[file('bin/x', 'x')], [file(BUNDLE, 'v1')], [file('opt/tool', 'x')]];
  const image = inMemory(buildImage({ platform, layers }));
  const [, second, third] = image.layers;
  const doubled = { ...image, layers: [...image.layers, ...image.layers.slice(2)] };
  const found = await readFirstFile(doubled, [`/${BUNDLE}`], { signal: new AbortController().signal });
  expect(found.bytes.toString()).toBe('v1');
  expect(image.opened).toEqual([third?.digest, second?.digest]);
});

test('does not ask for layers below one that takes away what they have', async () => {
  const layers = [[file(BUNDLE, 'v1')], [whiteout('etc')], [file('etc/motd', 'x')]];
  const image = inMemory(buildImage({ platform, layers }));
  const reading = readFirstFile(image, [`/${BUNDLE}`], { signal: new AbortController().signal });
  await expect(reading).rejects.toMatchObject({ code: 'SPACECTL_NO_BUNDLE' });
  expect(image.opened).toHaveLength(2);
});

test('asks further down where an upper layer leaves open what its folders are', async () => {
  const layers = [
    [symlink('etc/ssl', '/opt/ssl'), file('opt/ssl/cert.pem', 'v1')],
    [file('opt/ssl/cert.pem', 'v2')],
    [file('etc/ssl/cert.pem', 'v3')],
  ];
  const image = inMemory(buildImage({ platform, layers, addParents: false }));
  const found = await readFirstFile(image, ['/opt/ssl/cert.pem'], { signal: new AbortController().signal });
  expect(found.bytes.toString()).toBe('v3');
  const [bottom, middle, top] = image.layers.map(({ digest }) => digest);
  // Once more the top: nobody had thought of keeping a file of that other name.
  expect(image.opened).toEqual([top, middle, bottom, top]);
});

test('names the certificate-like files there are, when none of the paths leads anywhere', async () => {
  const layers = [
    [file('opt/ca.pem', 'x'), file('opt/gone.crt', 'x'), file('opt/empty.pem', '')],
    [whiteout('opt/gone.crt')],
  ];
  const failing = contentOf(layers, '/etc/a.pem', '/etc/b.pem');
  await expect(failing).rejects.toMatchObject({
    message: 'test/image:latest has none of /etc/a.pem, /etc/b.pem. It has /opt/ca.pem',
    suggestions: [expect.stringContaining('--image-path')],
  });
});

test.each(['pax', 'gnu', 'base-256', 'v7', 'ustar'] as const)('%s headers', async (format) => {
  expect(await contentOf([[{ ...file(BUNDLE, 'x'.repeat(5000)), format }]])).toBe('x'.repeat(5000));
});

test.each(['pax', 'gnu'] as const)('names and link targets of 300 characters: %s', async (format) => {
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

test('an archive without an end, an empty one, and gzip of several members', async () => {
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
])('refuses by name: %s', async (_, mediaType, bytes, message) => {
  const image = assembleImage(platform, [blob(mediaType, bytes)]);
  await expect(read(image)).rejects.toMatchObject({
    code: 'SPACECTL_BAD_IMAGE',
    message: expect.stringMatching(message),
  });
});

test('a layer that is not what its digest or size says', async () => {
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

test('damaged data whose digest is right', async () => {
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

test('a file of an absurd size, a name of an absurd length, a whiteout of nothing', async () => {
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

test('stops when the user does', async () => {
  const controller = new AbortController();
  const image = inMemory(buildImage({ platform, layers: [[file(BUNDLE, 'v1')]] }));
  const reading = readFirstFile(image, [`/${BUNDLE}`], { signal: controller.signal, report: () => controller.abort() });
  await expect(reading).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
});
