import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { readFirstFile } from '../../../src/oci/index.ts';
import { assembleImage, blob, type Entry, file } from '../../services/image.ts';
import { inMemory } from '../../services/image-in-memory.ts';
import { testWith } from '../../services/programs.ts';
import { buildTar } from '../../services/tar.ts';

const BUNDLE = 'etc/ssl/certs/ca-certificates.crt';
const ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd';
const withZstd = testWith('zstd');

const compress = (bytes: Buffer, ...args: readonly string[]) =>
  execFileSync('zstd', ['-q', '-c', ...args], { input: bytes, maxBuffer: 2 ** 30 });

/** What zstd:chunked puts between frames: four bytes of magic, four of length, and whatever it likes. */
function skippable(content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a51, 0);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}

async function read(bytes: Buffer, mediaType = ZSTD): Promise<string> {
  const image = assembleImage({ os: 'linux', architecture: 'amd64' }, [blob(mediaType, bytes)]);
  const found = await readFirstFile(inMemory(image), [`/${BUNDLE}`], { signal: new AbortController().signal });
  return found.bytes.toString();
}

const entries: readonly Entry[] = [
  file('bin/sh', randomBytes(700_000)),
  file(BUNDLE, 'found'),
  file('usr/lib/x', Buffer.alloc(3_000_000, 'text and more ')),
];
const tar = buildTar(entries);

withZstd.each<[string, () => Buffer]>([
  ['one frame', () => compress(tar)],
  ['with a checksum, at the highest level', () => compress(tar, '-19', '--check')],
  ['without a checksum, with a long window', () => compress(tar, '--long=27', '--no-check')],
  [
    'many frames',
    () =>
      Buffer.concat([
        compress(tar.subarray(0, 1000)),
        compress(tar.subarray(1000, 900_001)),
        compress(tar.subarray(900_001)),
      ]),
  ],
  [
    'skippable frames before, between and after',
    () =>
      Buffer.concat([
        skippable(Buffer.from('first')),
        compress(tar.subarray(0, 5000)),
        skippable(randomBytes(300_000)),
        compress(tar.subarray(5000)),
        skippable(Buffer.alloc(0)),
      ]),
  ],
])('a layer of zstd is read: %s', async (_, bytes) => {
  expect(await read(bytes())).toBe('found');
  // The media type does not count.
  expect(await read(bytes(), 'application/vnd.oci.image.layer.v1.tar+gzip')).toBe('found');
});

withZstd('zstd data that is cut, altered or followed by something else is refused', async () => {
  const whole = compress(tar, '--check');
  const altered = Buffer.from(whole);
  altered[whole.length >> 1] = (altered[whole.length >> 1] ?? 0) ^ 0xff;
  for (const bytes of [
    whole.subarray(0, -2),
    whole.subarray(0, 100),
    altered,
    Buffer.concat([whole, Buffer.from('more')]),
  ]) {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE', exitCode: 65 });
  }
});

withZstd('a module that is evaluated again finds the library that was loaded before', async () => {
  expect(await read(compress(tar))).toBe('found');
  const again = ['../../../src/oci/tar/zstd.ts', 'again'].join('?');
  const module = (await import(again)) as typeof import('../../../src/oci/tar/zstd.ts');
  const decoder = await module.createZstdDecoder();
  decoder.write(compress(tar), () => {});
  expect(decoder.isComplete).toBe(true);
  decoder.free();
});
