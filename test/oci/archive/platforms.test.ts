import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { type ImageFile, type LocationKind, openImage, parseLocation, parsePlatform } from '../../../src/oci/index.ts';
import { dockerArchive } from '../../services/archive.ts';
import { type BuiltImage, buildImage, file, pushImage, pushIndex } from '../../services/image.ts';
import { testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const { signal } = new AbortController();

const imageFor = (platform: string) =>
  buildImage({ platform: parsePlatform(platform), layers: [[file(BUNDLE.slice(1), `bundle for ${platform}`)]] });

/** An image of an index: its platform there, which may be missing, and more annotations. */
interface Listed {
  readonly image: BuiltImage;
  readonly tag?: string;
  readonly hidesPlatform?: boolean;
  readonly isMissing?: boolean;
}

/** Writes a layout whose own index lists images, several of them under one tag: as umoci and BuildKit's exporter do. */
async function makeLayout(listed: readonly Listed[]): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'layout');
  await mkdir(path.join(folder, 'blobs/sha256'), { recursive: true });
  await writeFile(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const manifests = listed.map(({ image: { manifest, platform }, tag = 'v1', hidesPlatform }) => ({
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.size,
    ...(!hidesPlatform && { platform }),
    annotations: { 'org.opencontainers.image.ref.name': tag },
  }));
  await writeFile(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  for (const { image, isMissing } of listed) {
    if (isMissing) continue;
    for (const { digest, bytes } of [image.config, image.manifest, ...image.layers])
      await writeFile(path.join(folder, 'blobs', digest.replace(':', '/')), bytes);
  }
  return folder;
}

async function read(where: string, kind: LocationKind, platform: string): Promise<ImageFile & { platform: string }> {
  const environment = { HOME: await temporaryFolder() };
  const wanted = parsePlatform(platform);
  const opened = await openImage(await parseLocation(where, kind), { platform: wanted, signal, environment });
  onTestFinished(() => opened.close());
  const { os, architecture } = opened.platform;
  return { ...(await opened.readFirstFile([BUNDLE], { signal })), platform: `${os}/${architecture}` };
}

/** Both ways of keeping a layout: as a folder, and as an archive of it. */
async function places(layout: string): Promise<readonly (readonly [string, LocationKind])[]> {
  const archive = `${layout}.tar`;
  await execa('tar', ['-C', layout, '-cf', archive, '.']);
  return [
    [layout, 'oci-layout'],
    [archive, 'archive'],
  ];
}

const BOTH: readonly Listed[] = ['linux/amd64', 'linux/arm64'].map((each) => ({ image: imageFor(each) }));

test.each([
  ['linux/amd64', BOTH],
  ['linux/arm64', BOTH],
  ['linux/amd64', [...BOTH].reverse()],
  ['linux/arm64', [...BOTH].reverse()],
])('two platforms under one tag: the bundle is that of %s', async (platform, listed) => {
  for (const [where, kind] of await places(await makeLayout(listed))) {
    for (const name of ['', ':v1']) {
      const found = await read(`${where}${name}`, kind, platform);
      expect([found.bytes.toString(), found.platform]).toEqual([`bundle for ${platform}`, platform]);
    }
  }
});

test('two platforms under one tag, and neither is the one wanted', async () => {
  for (const [where, kind] of await places(await makeLayout(BOTH))) {
    await expect(read(`${where}:v1`, kind, 'linux/s390x')).rejects.toMatchObject({
      code: 'SPACECTL_NO_IMAGE',
      message: `${where} has no image for linux/s390x: it has linux/amd64, linux/arm64`,
      suggestions: [{ text: 'Pass --platform linux/amd64' }],
    });
  }
});

test('a digest chooses one of two platforms under one tag, whatever platform is asked for', async () => {
  const [, arm] = BOTH as [Listed, Listed];
  for (const [where, kind] of await places(await makeLayout(BOTH))) {
    for (const platform of ['linux/arm64', 'linux/amd64']) {
      const found = await read(`${where}@${arm.image.manifest.digest}`, kind, platform);
      expect([found.bytes.toString(), found.platform]).toEqual(['bundle for linux/arm64', 'linux/arm64']);
    }
  }
});

test('a partial archive has the platforms whose manifests are in it', async () => {
  const [amd, arm] = BOTH as [Listed, Listed];
  for (const [where, kind] of await places(await makeLayout([amd, { ...arm, isMissing: true }]))) {
    expect((await read(where, kind, 'linux/amd64')).bytes.toString()).toBe('bundle for linux/amd64');
    await expect(read(where, kind, 'linux/arm64')).rejects.toMatchObject({ code: 'SPACECTL_NO_IMAGE' });
  }
});

test('two tags are two images, and without a name the error lists them', async () => {
  const [amd, arm] = BOTH as [Listed, Listed];
  for (const [where, kind] of await places(await makeLayout([amd, { ...arm, tag: 'v2' }]))) {
    await expect(read(where, kind, 'linux/amd64')).rejects.toMatchObject({
      code: 'SPACECTL_BAD_INPUT',
      message: `${where} has several images: v1, v2`,
      suggestions: [{ text: `Pass one of them as ${where}:NAME` }],
    });
    await expect(read(`${where}:v3`, kind, 'linux/amd64')).rejects.toMatchObject({
      code: 'SPACECTL_NO_IMAGE',
      message: `${where} has no image "v3": v1, v2`,
    });
    expect((await read(`${where}:v2`, kind, 'linux/arm64')).bytes.toString()).toBe('bundle for linux/arm64');
  }
});

// umoci's layouts, and skopeo's of one image, say nothing of the platform in their index: only the configuration does.
test.each([
  ['of one image whose index names another platform', {}],
  ['of one image whose platform only its configuration names', { hidesPlatform: true }],
])('a layout %s: never read in silence as another one', async (_, more) => {
  for (const [where, kind] of await places(await makeLayout([{ image: imageFor('linux/arm64'), ...more }]))) {
    await expect(read(where, kind, 'linux/amd64')).rejects.toMatchObject({
      code: 'SPACECTL_NO_IMAGE',
      message: `${where} has no image for linux/amd64: it has linux/arm64`,
      suggestions: [{ text: 'Pass --platform linux/arm64' }],
    });
    expect((await read(where, kind, 'linux/arm64')).bytes.toString()).toBe('bundle for linux/arm64');
  }
});

test('an archive of docker save has the platform that its configuration names', async () => {
  const archive = path.join(await temporaryFolder(), 'saved.tar');
  const image = buildImage({
    platform: parsePlatform('linux/arm64'),
    compression: 'none',
    layers: [[file(BUNDLE.slice(1), 'arm')]],
  });
  await writeFile(archive, dockerArchive({ 'runner:1': image }));
  await expect(read(archive, 'archive', 'linux/amd64')).rejects.toMatchObject({
    code: 'SPACECTL_NO_IMAGE',
    message: `${archive} has no image for linux/amd64: it has linux/arm64`,
  });
  expect((await read(archive, 'archive', 'linux/arm64')).bytes.toString()).toBe('arm');
});

testWith('docker-registry')('a registry has an image of another platform under the tag, without an index', async () => {
  const registry = await startRegistry();
  const digest = await pushImage(registry.url, 'runner', 'v1', imageFor('linux/arm64'));
  const where = `${registry.host}/runner:v1`;
  await expect(read(where, 'registry', 'linux/amd64')).rejects.toMatchObject({
    code: 'SPACECTL_NO_IMAGE',
    message: `${where} has no image for linux/amd64: it has linux/arm64`,
  });
  expect((await read(where, 'registry', 'linux/arm64')).bytes.toString()).toBe('bundle for linux/arm64');
  // Its digest leaves no doubt, and the platform is told.
  expect((await read(`${registry.host}/runner@${digest}`, 'registry', 'linux/amd64')).platform).toBe('linux/arm64');
});

testWith('docker-registry', 'skopeo')('skopeo copies both platforms of an index into a layout', async () => {
  const registry = await startRegistry();
  const images = BOTH.map(({ image }) => image);
  await pushIndex(registry.url, 'runner', 'v1', images);
  const layout = path.join(await temporaryFolder(), 'layout');
  const source = `docker://${registry.host}/runner:v1`;
  await execa('skopeo', ['copy', '--all', '--src-tls-verify=false', source, `oci:${layout}:v1`]);
  for (const [where, kind] of await places(layout)) {
    for (const platform of ['linux/amd64', 'linux/arm64'])
      expect((await read(where, kind, platform)).bytes.toString()).toBe(`bundle for ${platform}`);
    await expect(read(where, kind, 'linux/s390x')).rejects.toMatchObject({ code: 'SPACECTL_NO_IMAGE' });
  }
});
