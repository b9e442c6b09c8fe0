import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { detectKind, type OpenImage, openImage, parseLocation, parsePlatform } from '../../../src/oci/index.ts';
import { dockerArchive, writeInto } from '../../services/archive.ts';
import {
  assembleImage,
  blob,
  buildImage,
  digestOf,
  file,
  symlink as linkEntry,
  pushIndex,
  writeLayout,
} from '../../services/image.ts';
import { contentIn, inMemory } from '../../services/image-in-memory.ts';
import { testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { copyImage } from '../../services/skopeo.ts';
import { buildTar } from '../../services/tar.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const { signal } = new AbortController();
const imageFor = (platform: string, compression: 'gzip' | 'none' = 'gzip') =>
  buildImage({
    platform: parsePlatform(platform),
    compression,
    layers: [[file(BUNDLE.slice(1), `bundle for ${platform}`)], [file('bin/sh', 'shell'.repeat(100_000))]],
  });

/** Opens what is at a path as the form that its content has. */
async function open(where: string, platform = 'linux/amd64'): Promise<OpenImage> {
  const kind = await detectKind(where);
  if (kind !== 'archive' && kind !== 'oci-layout' && kind !== 'dir') throw new Error(`${where} is ${kind}`);
  const environment = { HOME: await temporaryFolder() };
  const location = await parseLocation(where, kind);
  const opened = await openImage(location, { platform: parsePlatform(platform), signal, environment });
  onTestFinished(() => opened.close());
  return opened;
}

const textIn = async (opened: OpenImage) => (await opened.readFirstFile([BUNDLE], { signal })).bytes.toString();

testWith('docker-registry', 'skopeo')(
  'directories that skopeo writes are read: an image, and an index of two',
  async () => {
    const registry = await startRegistry();
    const images = ['linux/amd64', 'linux/arm64'].map((platform) => imageFor(platform));
    const digest = await pushIndex(registry.url, 'runner', 'v1', images);
    const [all, one] = [path.join(await temporaryFolder(), 'all'), path.join(await temporaryFolder(), 'one')];
    const from = `docker://${registry.host}/runner:v1`;
    await execa('skopeo', ['copy', '--all', '--src-tls-verify=false', from, `dir:${all}`]);
    await execa('skopeo', ['copy', '--src-tls-verify=false', '--override-arch', 'arm64', from, `dir:${one}`]);
    expect(await detectKind(all)).toBe('dir');
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      const opened = await open(all, platform);
      expect(await textIn(opened)).toBe(`bundle for ${platform}`);
      expect(opened).toMatchObject({ source: 'dir', reference: all, indexDigest: digest });
    }
    const arm = images[1]?.manifest.digest ?? '';
    for (const where of [`${all}@${arm}`, `${one}@${arm}`]) {
      const opened = await open(where);
      expect(await textIn(opened)).toBe('bundle for linux/arm64');
      expect(opened).toMatchObject({ reference: where.replace('@', ':'), manifestDigest: arm });
    }
    await expect(open(one)).rejects.toMatchObject({
      code: 'SPACECTL_NO_IMAGE',
      message: `${one} has no image for linux/amd64: it has linux/arm64`,
    });
    await expect(open(`${one}:v1`)).rejects.toMatchObject({
      code: 'SPACECTL_NO_IMAGE',
      message: `${one} has no image "v1": ${arm}`,
    });
    const [layer] = (await readdir(one)).filter(
      (name) => name === images[1]?.layers[0]?.digest.slice('sha256:'.length),
    );
    await writeFile(path.join(one, layer ?? ''), 'altered');
    await expect(open(one, 'linux/arm64').then(textIn)).rejects.toMatchObject({ code: 'SPACECTL_DIGEST_MISMATCH' });
  },
);

testWith(
  'tar',
  'xz',
  'zstd',
)('tars of a root file system are read, also compressed', async () => {
  const folder = await temporaryFolder();
  const root = path.join(folder, 'root');
  await mkdir(path.join(root, 'etc/ssl/certs'), { recursive: true });
  await mkdir(path.join(root, 'usr/share/ca'), { recursive: true });
  await writeFile(path.join(root, 'usr/share/ca/bundle.pem'), 'from a tree');
  await symlink('/usr/share/ca/bundle.pem', path.join(root, BUNDLE));
  // What an image archive has at its top may be in a root file system too.
  await writeFile(path.join(root, 'manifest.json'), '{}');
  for (const [option, names] of [
    ['--format=gnu', ['.']],
    ['--xz', ['.']],
    ['--zstd', ['manifest.json', 'etc', 'usr']],
  ] as const) {
    const archive = path.join(folder, `root${option}.tar`);
    await execa('tar', ['-C', root, option, '-cf', archive, ...names]);
    const opened = await open(archive);
    expect(opened).toMatchObject({ source: 'archive', reference: archive, platform: parsePlatform('linux/amd64') });
    const found = await opened.readFirstFile([BUNDLE], { signal });
    expect([found.bytes.toString(), found.resolvedPath]).toEqual(['from a tree', '/usr/share/ca/bundle.pem']);
    expect(found.verifiedLayers).toEqual([found.layer]);
    if (option === '--format=gnu') expect(found.layer).toBe(digestOf(await readFile(archive)));
    await expect(open(`${archive}:v1`)).rejects.toMatchObject({
      code: 'SPACECTL_NO_IMAGE',
      message: `${archive} has no image "v1": it is a root file system`,
    });
  }
});

testWith('xz', 'skopeo')(
  'archives and layers that xz has compressed are read, in one stream and in several',
  async () => {
    const folder = await temporaryFolder();
    const xz = async (bytes: Buffer, ...options: readonly string[]) =>
      Buffer.from((await execa('xz', ['-c', ...options], { input: bytes, encoding: 'buffer' })).stdout);
    const saved = dockerArchive({ 'runner:1': imageFor('linux/amd64', 'none') });
    const [start, end] = [saved.subarray(0, 70_000), saved.subarray(70_000)];
    const streams = Buffer.concat([await xz(start, '-0'), await xz(end, '--check=sha256')]);
    for (const [name, bytes] of [
      ['one.tar.xz', await xz(saved)],
      ['blocks.tar.xz', await xz(saved, '--block-size=65536')],
      ['streams.tar.xz', streams],
    ] as const) {
      const archive = await writeInto(folder, name, bytes);
      expect(await textIn(await open(archive)), name).toBe('bundle for linux/amd64');
    }
    for (const [name, bytes] of [
      ['cut.tar.xz', streams.subarray(0, -30)],
      ['altered.tar.xz', Buffer.concat([streams.subarray(0, 200), Buffer.from('altered'), streams.subarray(207)])],
    ] as const) {
      const archive = await writeInto(folder, name, bytes);
      await expect(open(archive), name).rejects.toMatchObject({
        code: 'SPACECTL_BAD_IMAGE',
        message: `${archive} is damaged: its xz data is invalid or incomplete`,
      });
    }
    // Docker applies such layers (moby/go-archive, compression); no media type is registered for them.
    const tar = buildTar([file(BUNDLE.slice(1), 'in xz'), file('bin/sh', Buffer.alloc(3_000_000, 'x'))]);
    const layer = blob('application/vnd.docker.image.rootfs.diff.tar.xz', await xz(tar));
    const image = assembleImage({ os: 'linux', architecture: 'amd64' }, [layer]);
    expect(await contentIn(inMemory(image), BUNDLE)).toBe('in xz');
    const cut = { ...layer, ...blob(layer.mediaType, layer.bytes.subarray(0, -20)) };
    const damaged = await contentIn(inMemory(assembleImage({ os: 'linux', architecture: 'amd64' }, [cut])), BUNDLE);
    expect(damaged).toMatch(/is damaged: its xz data is invalid or incomplete/);
    const layout = path.join(folder, 'layout');
    await writeLayout(layout, { v1: imageFor('linux/amd64') });
    await copyImage(`oci:${layout}:v1`, `oci-archive:${path.join(folder, 'oci.tar')}`);
    await execa('xz', [path.join(folder, 'oci.tar')]);
    expect(await textIn(await open(path.join(folder, 'oci.tar.xz')))).toBe('bundle for linux/amd64');
  },
);

test('without xz, the error says that it is missing', async () => {
  const archive = await writeInto(await temporaryFolder(), 'x.tar.xz', Buffer.from('fd377a585a000000', 'hex'));
  const before = process.env['PATH'];
  process.env['PATH'] = await temporaryFolder();
  onTestFinished(() => {
    process.env['PATH'] = before;
  });
  await expect(open(archive)).rejects.toMatchObject({
    code: 'SPACECTL_PROGRAM_MISSING',
    message: 'xz is not installed or not in PATH',
  });
});

test('an archive that is neither an image nor a root file system says what it may be', async () => {
  const archive = await writeInto(
    await temporaryFolder(),
    'other.tar',
    buildTar([file('x/y', 'z'), linkEntry('a', 'b')]),
  );
  await expect(open(archive)).rejects.toMatchObject({
    code: 'SPACECTL_BAD_IMAGE',
    message: `${archive} is neither an image archive (it has no index.json or manifest.json) nor a root file system (it has no etc or usr)`,
  });
});
