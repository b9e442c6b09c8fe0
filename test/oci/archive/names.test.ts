import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openImage, parseLocation, parsePlatform } from '../../../src/oci/index.ts';
import { type BuiltImage, buildImage, file } from '../../services/image.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const TAG = 'org.opencontainers.image.ref.name';
/** Where containerd keeps the full name (containerd/containerd, images/annotations.go). */
const FULL_NAME = 'io.containerd.image.name';
const { signal } = new AbortController();
const platform = parsePlatform('linux/amd64');

const imageWith = (content: string) => buildImage({ platform, layers: [[file(BUNDLE.slice(1), content)]] });

type Annotations = Readonly<Record<string, string>> | undefined;

/** Writes a layout with images under the annotations given. */
async function writeLayout(listed: readonly (readonly [BuiltImage, Annotations?])[]): Promise<string> {
  const layout = path.join(await temporaryFolder(), 'layout');
  await mkdir(path.join(layout, 'blobs/sha256'), { recursive: true });
  await writeFile(path.join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const manifests = listed.map(([{ manifest }, annotations]) => ({
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.size,
    platform,
    ...(annotations && { annotations }),
  }));
  await writeFile(path.join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  for (const [image] of listed) {
    for (const { digest, bytes } of [image.config, image.manifest, ...image.layers])
      await writeFile(path.join(layout, 'blobs', digest.replace(':', '/')), bytes);
  }
  return layout;
}

async function read(where: string): Promise<string> {
  const environment = { HOME: await temporaryFolder() };
  const opened = await openImage(await parseLocation(where, 'oci-layout'), { platform, signal, environment });
  onTestFinished(() => opened.close());
  return (await opened.readFirstFile([BUNDLE], { signal })).bytes.toString();
}

const [one, two] = [imageWith('one'), imageWith('two')];

test('An image is found by its tag, by its full name and by its digest', async () => {
  const layout = await writeLayout([
    [one, { [TAG]: 'v1', [FULL_NAME]: 'registry.example.com/one:v1' }],
    [two, { [FULL_NAME]: 'registry.example.com/two:v1' }],
  ]);
  expect(await read(`${layout}:v1`)).toBe('one');
  expect(await read(`${layout}:registry.example.com/one:v1`)).toBe('one');
  expect(await read(`${layout}:registry.example.com/two:v1`)).toBe('two');
  expect(await read(`${layout}@${two.manifest.digest}`)).toBe('two');
});

test('Without a name, the only image is read, whatever it is called', async () => {
  const each: readonly Annotations[] = [undefined, { [TAG]: 'v1' }, { [FULL_NAME]: 'registry.example.com/one:v1' }];
  for (const annotations of each) expect(await read(await writeLayout([[one, annotations]]))).toBe('one');
});

test('Without a name, images of several full names are not guessed among; each is listed as it can be chosen', async () => {
  const layout = await writeLayout([
    [one, { [FULL_NAME]: 'registry.example.com/one:v1' }],
    [two, { [FULL_NAME]: 'registry.example.com/two:v1' }],
  ]);
  await expect(read(layout)).rejects.toMatchObject({
    code: 'SPACECTL_BAD_INPUT',
    message: `${layout} has several images: registry.example.com/one:v1, registry.example.com/two:v1`,
  });
  const nameless = await writeLayout([[one, { [TAG]: 'v1' }], [two]]);
  await expect(read(`${nameless}:v2`)).rejects.toMatchObject({
    code: 'SPACECTL_NO_IMAGE',
    message: `${nameless} has no image "v2": v1, ${two.manifest.digest}`,
  });
});

test('A layout without images says so', async () => {
  const layout = await writeLayout([]);
  for (const where of [layout, `${layout}:v1`])
    await expect(read(where)).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE', message: `${layout} has no images` });
});

test('The only image whose manifest is missing is damaged, not one for another platform', async () => {
  const layout = await writeLayout([[one, { [TAG]: 'v1' }]]);
  await rm(path.join(layout, 'blobs', one.manifest.digest.replace(':', '/')));
  await expect(read(`${layout}:v1`)).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE' });
});
