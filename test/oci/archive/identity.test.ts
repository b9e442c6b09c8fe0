import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { type LocationKind, openImage, parseLocation, parsePlatform } from '../../../src/oci/index.ts';
import { dockerArchive, type Listed, layoutFiles, savedFiles, writeFiles } from '../../services/archive.ts';
import { startContainerd } from '../../services/containerd.ts';
import { type BuiltImage, buildImage, buildIndex, file } from '../../services/image.ts';
import { NAMESPACES, testWith } from '../../services/programs.ts';
import { buildTar } from '../../services/tar.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const TAG = 'org.opencontainers.image.ref.name';
const FULL_NAME = 'io.containerd.image.name';
const { signal } = new AbortController();

const imageWith = (content: string, platform = 'linux/amd64') =>
  buildImage({
    platform: parsePlatform(platform),
    compression: 'none',
    layers: [[file(BUNDLE.slice(1), content)]],
  });
const [one, two, arm] = [imageWith('one'), imageWith('two'), imageWith('arm', 'linux/arm64')];
const named = (image: BuiltImage, name: string): Listed => ({
  image,
  annotations: { [FULL_NAME]: `docker.io/library/${name}`, [TAG]: name.split(':')[1] ?? '' },
});

async function read(where: string, kind: LocationKind, platform = 'linux/amd64'): Promise<string> {
  const environment = { HOME: await temporaryFolder() };
  const opened = await openImage(await parseLocation(where, kind), {
    platform: parsePlatform(platform),
    signal,
    environment,
  });
  onTestFinished(() => opened.close());
  return (await opened.readFirstFile([BUNDLE], { signal })).bytes.toString();
}

/** Both ways of keeping a layout: as a folder, and as an archive of it. */
async function places(listed: readonly Listed[]): Promise<readonly (readonly [string, LocationKind])[]> {
  const folder = await temporaryFolder();
  const files = layoutFiles(listed);
  await writeFiles(path.join(folder, 'layout'), files);
  await writeFile(path.join(folder, 'archive.tar'), buildTar(files));
  return [
    [path.join(folder, 'layout'), 'oci-layout'],
    [path.join(folder, 'archive.tar'), 'archive'],
  ];
}

async function archiveOf(files: ReturnType<typeof layoutFiles>): Promise<string> {
  const archive = path.join(await temporaryFolder(), 'saved.tar');
  await writeFile(archive, buildTar(files));
  return archive;
}

test('two images with the same short tag are told apart by their full names and digests', async () => {
  for (const [where, kind] of await places([named(one, 'one:v1'), named(two, 'two:v1')])) {
    for (const name of ['', ':v1'])
      await expect(read(`${where}${name}`, kind)).rejects.toMatchObject({
        code: 'SPACECTL_BAD_INPUT',
        message: `${where} has several images${name && ' "v1"'}: docker.io/library/one:v1, docker.io/library/two:v1`,
        suggestions: [{ text: `Pass one of them as ${where}:NAME` }],
      });
    // As Docker shows them, in full, and with their digest.
    const names = ['two:v1', 'docker.io/library/two:v1', 'docker.io/two:v1', `two:v1@${two.manifest.digest}`];
    for (const name of names) expect(await read(`${where}:${name}`, kind), name).toBe('two');
    for (const digest of [two.manifest.digest, two.config.digest])
      expect(await read(`${where}@${digest}`, kind), digest).toBe('two');
    await expect(read(`${where}:two:v1@${one.manifest.digest}`, kind)).rejects.toMatchObject({
      code: 'SPACECTL_NO_IMAGE',
    });
  }
});

test('one image under several names is one image', async () => {
  for (const [where, kind] of await places([named(one, 'one:v1'), named(one, 'one:latest')]))
    for (const name of ['', ':v1', ':one', ':one:latest']) expect(await read(`${where}${name}`, kind)).toBe('one');
});

test('two images of one name and platform are listed with their digests', async () => {
  for (const [where, kind] of await places([named(one, 'app:v1'), named(two, 'app:v1')])) {
    const name = 'docker.io/library/app:v1';
    await expect(read(`${where}:app:v1`, kind)).rejects.toMatchObject({
      code: 'SPACECTL_BAD_INPUT',
      message: `${where} has several images "app:v1": ${name}@${one.manifest.digest}, ${name}@${two.manifest.digest}`,
    });
    expect(await read(`${where}:${name}@${two.manifest.digest}`, kind)).toBe('two');
  }
});

test('platforms of one name are one image, and one of another name is not', async () => {
  for (const [where, kind] of await places([named(one, 'app:v1'), named(arm, 'app:v1')])) {
    expect(await read(where, kind)).toBe('one');
    expect(await read(`${where}:app:v1`, kind, 'linux/arm64')).toBe('arm');
  }
  for (const [where, kind] of await places([named(one, 'app:v1'), named(arm, 'other:v1')]))
    await expect(read(`${where}:v1`, kind, 'linux/arm64')).rejects.toMatchObject({ code: 'SPACECTL_BAD_INPUT' });
});

test('the digest of an image within an index of the layout is enough', async () => {
  const { index } = buildIndex([one, arm]);
  const listed = { index, images: [one, arm], annotations: { [TAG]: 'v1' } };
  for (const [where, kind] of await places([listed])) {
    expect(await read(`${where}@${arm.manifest.digest}`, kind)).toBe('arm');
    expect(await read(`${where}@${index.digest}`, kind)).toBe('one');
  }
});

// moby/moby@b985e23, daemon/internal/image/tarexport/save.go, and the same file in v25.0.
test.each<[string, Parameters<typeof savedFiles>[1]]>([
  ['has null for its manifests', { index: null }],
  ['has a manifest without layers, as 25.0.0 wrote it', { index: [one], hasLayers: false }],
])('an archive of docker save whose index %s is read by its manifest.json', async (_, options) => {
  const archive = await archiveOf(savedFiles({ 'one:v1': one }, options));
  for (const name of ['', ':one:v1', ':docker.io/library/one:v1', `@${one.config.digest}`])
    expect(await read(`${archive}${name}`, 'archive')).toBe('one');
  await expect(read(`${archive}:two`, 'archive')).rejects.toMatchObject({
    code: 'SPACECTL_NO_IMAGE',
    message: `${archive} has no image "two": one:v1`,
  });
});

test('an image that only manifest.json lists counts, beside those of the index', async () => {
  const archive = await archiveOf(savedFiles({ 'one:v1': one, '': two }, { index: [one] }));
  await expect(read(archive, 'archive')).rejects.toMatchObject({
    code: 'SPACECTL_BAD_INPUT',
    message: `${archive} has several images: docker.io/library/one:v1, ${two.config.digest}`,
  });
  expect(await read(`${archive}:one:v1`, 'archive')).toBe('one');
  expect(await read(`${archive}@${two.config.digest}`, 'archive')).toBe('two');
});

test('in an archive without manifests, names may be given in full, and a digest leaves no doubt', async () => {
  const archive = path.join(await temporaryFolder(), 'saved.tar');
  await writeFile(archive, dockerArchive({ 'one:v1': one, 'registry.example.com/arm:v1': arm }));
  expect(await read(`${archive}:docker.io/library/one:v1`, 'archive')).toBe('one');
  expect(await read(`${archive}@${arm.config.digest}`, 'archive')).toBe('arm');
  await expect(read(`${archive}:registry.example.com/arm:v1`, 'archive')).rejects.toMatchObject({
    code: 'SPACECTL_NO_IMAGE',
    message: expect.stringContaining('has no image for linux/amd64: it has linux/arm64'),
    suggestions: [{ text: 'Pass --platform linux/arm64' }],
  });
  // One tag that was saved twice, for two platforms.
  const both = path.join(await temporaryFolder(), 'both.tar');
  await writeFile(both, dockerArchive([['one:v1', one] as const, ['one:v1', arm] as const]));
  expect(await read(`${both}:one:v1`, 'archive', 'linux/arm64')).toBe('arm');
  await writeFile(both, dockerArchive([['one:v1', one] as const, ['one:v1', two] as const]));
  await expect(read(both, 'archive')).rejects.toMatchObject({
    code: 'SPACECTL_BAD_INPUT',
    message: `${both} has several images: one:v1@${one.config.digest}, one:v1@${two.config.digest}`,
  });
});

testWith(NAMESPACES, 'containerd', 'ctr')(
  'an archive that containerd exports has two images with the same short tag',
  { timeout: 60_000 },
  async () => {
    const containerd = await startContainerd();
    const folder = await temporaryFolder();
    const [imported, exported] = [path.join(folder, 'imported.tar'), path.join(folder, 'exported.tar')];
    await writeFile(imported, dockerArchive({ 'one:v1': one, 'two:v1': two }));
    await containerd.run('images', 'import', '--no-unpack', imported);
    const names = ['docker.io/library/one:v1', 'docker.io/library/two:v1'];
    await containerd.run('images', 'export', exported, ...names);
    await expect(read(`${exported}:v1`, 'archive')).rejects.toMatchObject({
      message: `${exported} has several images "v1": ${names.join(', ')}`,
    });
    for (const name of ['one:v1', ...names])
      expect(await read(`${exported}:${name}`, 'archive')).toBe(name.includes('one') ? 'one' : 'two');
    const layout = path.join(folder, 'layout');
    await execa('mkdir', [layout]);
    await execa('tar', ['-C', layout, '-xf', exported]);
    expect(await read(`${layout}:two:v1`, 'oci-layout')).toBe('two');
  },
);
