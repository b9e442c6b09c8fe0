import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readFirstFile } from '../../src/oci/index.ts';
import { assembleImage, type Blob, blob, buildImage, type Entry, file, hardlink, symlink } from '../services/image.ts';
import { inMemory } from '../services/image-in-memory.ts';
import { buildTar } from '../services/tar.ts';

const BUNDLE = 'etc/ssl/certs/ca-certificates.crt';
const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const platform = { os: 'linux', architecture: 'amd64' };

const layersOf = (...layers: readonly Entry[][]) => buildImage({ platform, layers, addParents: false }).layers;

/** The end of an image of these layers: code and exit code, and how often layers were opened. */
async function end(layers: readonly Blob[]): Promise<{ code: string; exitCode: number; opened: number }> {
  const image = inMemory(assembleImage(platform, layers));
  const { code, exitCode } = await readFirstFile(image, [`/${BUNDLE}`], { signal: new AbortController().signal }).then(
    () => ({ code: 'read', exitCode: 0 }),
    (error) => error,
  );
  return { code, exitCode, opened: image.opened.length };
}

test.each<[string, () => readonly Blob[], string]>([
  ['a link to itself', () => layersOf([symlink(BUNDLE, 'ca-certificates.crt')]), 'SPACECTL_NO_BUNDLE'],
  [
    'links in a circle',
    () => layersOf([symlink('etc/ssl', '/opt/ssl'), symlink('opt/ssl', '/etc/ssl')]),
    'SPACECTL_NO_BUNDLE',
  ],
  [
    'a file written through links in a circle',
    () => layersOf([symlink('etc/ssl', 'ssl')], [file('etc/ssl/certs/x', '')]),
    'SPACECTL_BAD_IMAGE',
  ],
  ['a hard link to itself', () => layersOf([hardlink(BUNDLE, BUNDLE)]), 'SPACECTL_BAD_IMAGE'],
  ['a hard link to nothing', () => layersOf([hardlink(BUNDLE, 'etc/nothing')]), 'SPACECTL_BAD_IMAGE'],
  [
    'a chain of 50 links',
    () =>
      layersOf([
        symlink(BUNDLE, '/l0'),
        ...Array.from({ length: 50 }, (_, index) => symlink(`l${index}`, `/l${index + 1}`)),
        file('l50', 'x'),
      ]),
    'SPACECTL_NO_BUNDLE',
  ],
  [
    'one layer a thousand times',
    () => Array.from({ length: 1000 }, () => layersOf([file('x', 'y')])[0] as Blob),
    'SPACECTL_BAD_IMAGE',
  ],
  [
    'a file that is cut off',
    () => [blob(GZIP, gzipSync(buildTar([file(BUNDLE, 'x'.repeat(4000))]).subarray(0, 2000)))],
    'SPACECTL_BAD_IMAGE',
  ],
  [
    'rubbish after gzip data',
    () => [blob(GZIP, Buffer.concat([gzipSync(buildTar([file(BUNDLE, 'x')])), Buffer.from('rubbish')]))],
    'SPACECTL_BAD_IMAGE',
  ],
  [
    'a size that lies',
    () => layersOf([file(BUNDLE, 'x')]).map((layer) => ({ ...layer, size: layer.size + 1 })),
    'SPACECTL_DIGEST_MISMATCH',
  ],
  [
    'a size that lies the other way',
    () => layersOf([file(BUNDLE, 'x')]).map((layer) => ({ ...layer, size: 10 })),
    'SPACECTL_DIGEST_MISMATCH',
  ],
])('a hostile image does no harm: %s', async (_, layers, code) => {
  const result = await end(layers());
  expect(result.code).toBe(code);
  expect([65, 76]).toContain(result.exitCode);
});

test('a layer that an image lists 500 times is read once', async () => {
  const [layer] = layersOf([file('x', 'y')]) as [Blob];
  expect(await end(Array.from({ length: 500 }, () => layer))).toMatchObject({ code: 'SPACECTL_NO_BUNDLE', opened: 1 });
});

/** The header of a file of 8 GB. */
function hugeFile(): Buffer {
  const huge = Buffer.from(buildTar([{ ...file('zeros', ''), format: 'base-256' }]).subarray(0, 512));
  huge.writeUInt32BE(1, 128);
  huge.writeUInt32BE(2 ** 31, 132);
  huge.fill(' ', 148, 156);
  const sum = huge.reduce((total, byte) => total + byte, 0);
  huge.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return huge;
}

/** The start of that file, and then members that hold nothing but zeros. */
function gzipBomb(): Buffer {
  const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
  return Buffer.concat([gzipSync(hugeFile()), ...Array.from({ length: 80 }, () => zeros)]);
}

/** The same in one frame of zstd (RFC 8878, 3.1.1): a block as it is, and then 5 GB of zeros in blocks of four bytes. */
function zstdBomb(): Buffer {
  const start = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
  const block = (kind: number, size: number, content: Buffer) => {
    const header = Buffer.alloc(3);
    header.writeUIntLE((size << 3) | (kind << 1), 0, 3);
    return Buffer.concat([header, content]);
  };
  const zeros = block(1, 128 * 1024, Buffer.alloc(1));
  return Buffer.concat([start, block(0, 512, hugeFile()), ...Array.from({ length: 40_960 }, () => zeros)]);
}

test.each([
  ['gzip', gzipBomb, GZIP],
  ['zstd', zstdBomb, 'application/vnd.oci.image.layer.v1.tar+zstd'],
])('a %s bomb ends at the limit, in bounded memory', { timeout: 240_000 }, async (_, make, mediaType) => {
  const bomb = make();
  const before = process.memoryUsage().rss;
  const result = await end([blob(mediaType, bomb)]);
  expect(result).toMatchObject({ code: 'SPACECTL_BAD_IMAGE', exitCode: 65 });
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
});
