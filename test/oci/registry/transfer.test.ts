import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import {
  type ImageFile,
  layerCacheIn,
  type OpenOptions,
  openImage,
  parseLocation,
  parsePlatform,
} from '../../../src/oci/index.ts';
import {
  type BuiltImage,
  buildImage,
  digestOf,
  directory,
  type Entry,
  file,
  pushImage,
  whiteout,
} from '../../services/image.ts';
import { type Line, lineTo } from '../../services/line.ts';
import { testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const BUNDLE = 'etc/ssl/certs/ca-certificates.crt';
const platform = parsePlatform('linux/amd64');
const { signal } = new AbortController();
const inRegistry = testWith('docker-registry');

/** Bytes that do not compress. */
const noise = (name: string, megabytes: number): Entry => file(name, randomBytes(megabytes * 1e6));

/** A registry with an image in it, behind a line. */
async function serve(image: BuiltImage): Promise<{ line: Line; reference: string }> {
  const registry = await startRegistry();
  await pushImage(registry.url, 'runner', 'latest', image);
  const line = await lineTo(registry.host);
  return { line, reference: `${line.host}/runner` };
}

async function read(reference: string, options: Partial<OpenOptions> = {}): Promise<ImageFile> {
  const all = { platform, signal, environment: { HOME: await temporaryFolder() }, ...options };
  const image = await openImage(await parseLocation(reference, 'registry'), all);
  onTestFinished(() => image.close());
  return image.readFirstFile([`/${BUNDLE}`], all);
}

const sizeOf = (image: BuiltImage, ...layers: number[]) =>
  layers.reduce((sum, index) => sum + (image.layers[index]?.size ?? 0), 0);

inRegistry('layers below the one that has the file are not fetched', async () => {
  const image = buildImage({
    platform,
    layers: [[noise('usr/base', 8)], [file(BUNDLE, 'v1'), noise('usr/lib/x', 8)], [noise('usr/bin/tool', 8)]],
  });
  const { line, reference } = await serve(image);
  const found = await read(reference);
  expect(found.bytes.toString()).toBe('v1');
  expect(found.verifiedLayers).toEqual([image.layers[2]?.digest, image.layers[1]?.digest]);
  expect(line.received).toBeLessThan(1.02 * sizeOf(image, 1, 2));
});

inRegistry('a transfer that breaks half-way goes on where it broke', async () => {
  const image = buildImage({ platform, layers: [[file(BUNDLE, 'v1'), noise('usr/lib/x', 40)]] });
  const { line, reference } = await serve(image);
  line.cutAfter(20e6);
  const found = await read(reference);
  expect(found.bytes.toString()).toBe('v1');
  expect(line.received).toBeLessThan(1.05 * sizeOf(image, 0));
});

/** Names in BuildKit's order, and a history that says who wrote them. */
const ordered = (history: unknown) => {
  const image = buildImage({
    platform,
    layers: [
      [noise('usr/base', 3)],
      [file(BUNDLE, 'v1'), noise('usr/lib/x', 6)],
      [directory('etc'), whiteout('etc/old'), file('etc/passwd', 'x'), noise('usr/bin/tool', 6)],
    ],
  });
  const configuration = { ...JSON.parse(image.config.bytes.toString()), history };
  return withConfiguration(image, configuration);
};

function withConfiguration(image: BuiltImage, value: unknown): BuiltImage {
  const bytes = Buffer.from(JSON.stringify(value));
  const config = { ...image.config, bytes, size: bytes.length, digest: digestOf(bytes) };
  const manifest = JSON.parse(image.manifest.bytes.toString());
  const own = Buffer.from(
    JSON.stringify({ ...manifest, config: { ...manifest.config, digest: config.digest, size: config.size } }),
  );
  return { ...image, config, manifest: { ...image.manifest, bytes: own, size: own.length, digest: digestOf(own) } };
}

const buildKit = { comment: 'buildkit.dockerfile.v0', created_by: 'RUN something' };

inRegistry('with --verify fast, layers by BuildKit are read only up to the file, and the result says so', async () => {
  const image = ordered([buildKit, buildKit, { ...buildKit, empty_layer: true }, buildKit]);
  const { line, reference } = await serve(image);
  const found = await read(reference, { isFast: true });
  expect(found.bytes.toString()).toBe('v1');
  expect(found.unverifiedLayers).toEqual([image.layers[2]?.digest, image.layers[1]?.digest]);
  expect(found.verifiedLayers).toEqual([]);
  expect(line.received).toBeLessThan(600_000);
});

inRegistry.each([
  ['no history', undefined],
  ['somebody else', [{}, {}, {}]],
  ['a history that does not fit', [buildKit]],
])('with --verify fast, layers that may not be by BuildKit are read to the end: %s', async (_, history) => {
  const image = ordered(history);
  const { reference } = await serve(image);
  const found = await read(reference, { isFast: true });
  expect(found.unverifiedLayers).toEqual([]);
  expect(found.verifiedLayers).toHaveLength(2);
});

inRegistry('with --verify fast, names out of order are noticed, whatever the history says', async () => {
  const layers = [
    [file(BUNDLE, 'old')],
    [file('etc/b', ''), file('etc/a', ''), file('usr/bin/tool', ''), file(BUNDLE, 'new')],
  ];
  const image = buildImage({ platform, layers, addParents: false });
  const configuration = { ...JSON.parse(image.config.bytes.toString()), history: [buildKit, buildKit] };
  const { reference } = await serve(withConfiguration(image, configuration));
  const found = await read(reference, { isFast: true });
  expect(found.bytes.toString()).toBe('new');
  expect(found.unverifiedLayers).toEqual([]);
});

inRegistry('with a cache, a second read fetches only the manifest, and a new layer alone', async () => {
  const base: Entry[][] = [
    [noise('usr/base', 2)],
    [file(BUNDLE, 'v1'), noise('usr/lib/x', 4)],
    [noise('usr/bin/tool', 4)],
  ];
  const image = buildImage({ platform, layers: base });
  const { line, reference } = await serve(image);
  const folder = path.join(await temporaryFolder(), 'cache');
  const cache = await layerCacheIn(folder);
  await read(reference, { cache });
  const before = line.received;
  const again = await read(reference, { cache });
  expect(again.bytes.toString()).toBe('v1');
  expect(again.verifiedLayers).toHaveLength(2);
  expect(line.received - before).toBeLessThan(5_000);
  // A damaged file of the cache is as good as none.
  for (const name of await readdir(folder)) {
    const bytes = await readFile(path.join(folder, name));
    await writeFile(path.join(folder, name), bytes.subarray(0, bytes.length - 3));
  }
  expect((await read(reference, { cache })).bytes.toString()).toBe('v1');
  expect(line.received - before).toBeGreaterThan(sizeOf(image, 1, 2));
});
