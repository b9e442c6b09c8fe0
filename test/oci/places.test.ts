import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import {
  detectKind,
  type ImageFile,
  type LocationKind,
  openImage,
  parseLocation,
  parsePlatform,
} from '../../src/oci/index.ts';
import { dockerArchive, writeInto } from '../services/archive.ts';
import { buildImage, file, symlink, whiteout, writeLayout } from '../services/image.ts';
import { testWith } from '../services/programs.ts';
import { copyImage } from '../services/skopeo.ts';
import { temporaryFolder } from '../services/temporary.ts';

const PATHS = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];
const { signal } = new AbortController();

const image = (platform: string, compression: 'gzip' | 'none' = 'gzip') =>
  buildImage({
    platform: parsePlatform(platform),
    compression,
    layers: [
      [file('etc/ssl/certs/ca-certificates.crt', 'old'), file('bin/sh', 'x'.repeat(100_000))],
      [whiteout('etc/ssl/certs'), symlink('etc/ssl/certs', '../pki')],
      [file('etc/pki/ca-certificates.crt', `bundle for ${platform}`)],
    ],
  });

async function read(where: string, kind: LocationKind, platform = 'linux/amd64'): Promise<ImageFile> {
  const environment = { HOME: await temporaryFolder() };
  const location = await parseLocation(where, kind);
  const opened = await openImage(location, { platform: parsePlatform(platform), signal, environment });
  onTestFinished(() => opened.close());
  // Whoever notes it down finds the same image by it, among several.
  expect(await parseLocation(opened.reference, kind)).toEqual(location);
  return opened.readFirstFile(PATHS, { signal });
}

test.each(['linux/amd64', 'linux/arm64'])('an image of an OCI layout is chosen by its tag', async (platform) => {
  const layout = path.join(await temporaryFolder(), 'layout');
  await writeLayout(layout, { one: image('linux/amd64'), two: image('linux/arm64') });
  const found = await read(`${layout}:${platform.endsWith('arm64') ? 'two' : 'one'}`, 'oci-layout', platform);
  expect(found.bytes.toString()).toBe(`bundle for ${platform}`);
  expect(found.resolvedPath).toBe('/etc/pki/ca-certificates.crt');
  expect(found.verifiedLayers).toHaveLength(2);
  await expect(read(layout, 'oci-layout')).rejects.toMatchObject({
    code: 'SPACECTL_BAD_INPUT',
    message: expect.stringMatching(/several images: one, two/),
  });
  expect(await detectKind(layout)).toBe('oci-layout');
});

test('a layout whose layer was altered, is missing or is a pipe is refused', async () => {
  const layout = path.join(await temporaryFolder(), 'layout');
  const built = image('linux/amd64');
  await writeLayout(layout, { latest: built });
  const blob = path.join(layout, 'blobs/sha256', built.layers[2]?.digest.slice(7) ?? '');
  const bytes = await readFile(blob);
  await writeFile(blob, Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]));
  await expect(read(layout, 'oci-layout')).rejects.toMatchObject({ code: 'SPACECTL_DIGEST_MISMATCH' });
  await rm(blob);
  await expect(read(layout, 'oci-layout')).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE' });
  // Nobody writes to it: it would be waited for.
  await execa('mkfifo', [blob]);
  await expect(read(layout, 'oci-layout')).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE' });
});

const packed = [
  ['as it is', (bytes: Buffer) => bytes],
  ['gzip', (bytes: Buffer) => gzipSync(bytes)],
] as const;

test.each(packed)('an archive of docker save without manifests is read: %s', async (_name, pack) => {
  const folder = await temporaryFolder();
  const built = image('linux/amd64', 'none');
  const shared = { ...built, layers: [...built.layers, built.layers[2]] as typeof built.layers };
  const config = JSON.parse(built.config.bytes.toString());
  config.rootfs.diff_ids.push(config.rootfs.diff_ids[2]);
  const both = buildImage({ platform: parsePlatform('linux/amd64'), compression: 'none', layers: [[file('x', 'y')]] });
  const again = { ...shared, config: { ...built.config, ...blobOf(config) } };
  const archive = await writeInto(folder, 'saved', pack(dockerArchive({ 'runner:1': again, 'other:1': both })));
  const found = await read(`${archive}:runner:1`, 'archive');
  expect(found.bytes.toString()).toBe('bundle for linux/amd64');
  expect(await detectKind(archive)).toBe('archive');
  expect(found.verifiedLayers.every((digest) => config.rootfs.diff_ids.includes(digest))).toBe(true);
  await expect(read(archive, 'archive')).rejects.toMatchObject({
    message: expect.stringMatching(/has several images: runner:1, other:1/),
  });
  await expect(read(`${archive}:other:1`, 'archive')).rejects.toMatchObject({ code: 'SPACECTL_NO_BUNDLE' });
});

function blobOf(value: unknown) {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${execFileSync('sha256sum', { input: bytes }).toString().slice(0, 64)}`;
  return { bytes, digest, size: bytes.length };
}

testWith('skopeo', 'tar')(
  'archives that skopeo and tar write are read, OCI and Docker, with gzip and without',
  async () => {
    const folder = await temporaryFolder();
    const layout = path.join(folder, 'layout');
    await writeLayout(layout, { v1: image('linux/amd64') });
    const [oci, docker, byTar] = ['oci.tar', 'docker.tar', 'by-tar.tgz'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    await copyImage(`oci:${layout}:v1`, `oci-archive:${oci}`);
    await copyImage(`oci:${layout}:v1`, `docker-archive:${docker}:runner:v1`);
    await execa('tar', ['-C', layout, '-czf', byTar, '.']);
    for (const archive of [oci, docker, byTar]) {
      const found = await read(archive, 'archive');
      expect(found.bytes.toString()).toBe('bundle for linux/amd64');
    }
    // What was unpacked on the way is gone.
    expect(await readdir(folder)).toHaveLength(4);
  },
);

test('an archive that breaks off and a file that is not an archive are refused', async () => {
  const folder = await temporaryFolder();
  const whole = dockerArchive({ 'runner:1': image('linux/amd64', 'none') });
  const cut = await writeInto(folder, 'cut.tar', whole.subarray(0, 60_000));
  await expect(read(cut, 'archive')).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE', exitCode: 65 });
  const cutPacked = await writeInto(folder, 'cut.tgz', gzipSync(whole).subarray(0, -100));
  await expect(read(cutPacked, 'archive')).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE' });
  const text = await writeInto(folder, 'some.pem', Buffer.from('-----BEGIN CERTIFICATE-----'));
  expect(await detectKind(text)).toBe('other file');
  expect(await detectKind(path.join(folder, 'nothing'))).toBeUndefined();
  expect(await detectKind(folder)).toBeUndefined();
  const pipe = path.join(folder, 'pipe');
  await execa('mkfifo', [pipe]);
  expect(await detectKind(pipe)).toBe('stream');
  await expect(read(folder, 'archive')).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_READ', exitCode: 74 });
});
