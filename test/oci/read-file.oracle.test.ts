import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { examineImage } from '../../src/oci/read-file.ts';
import { readInRoot } from '../services/chroot.ts';
import { type BuiltImage, buildImage, writeLayout } from '../services/image.ts';
import { contentIn, inMemory } from '../services/image-in-memory.ts';
import { testWith } from '../services/programs.ts';
import { randomLayers } from '../services/random-layers.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { digestOfAnswers, pathsAsked, UMOCI_ANSWERS } from '../services/umoci-answers.ts';

/** How many random images; SPACECTL_TEST_SEEDS sets more, SPACECTL_TEST_SEED one of them. */
const COUNT = Number(process.env['SPACECTL_TEST_SEEDS'] ?? 300);
const ONLY = process.env['SPACECTL_TEST_SEED'];
const seeds = ONLY ? [Number(ONLY)] : Array.from({ length: COUNT }, (_, index) => index + 1);

const PLATFORM = { os: 'linux', architecture: 'amd64' };

testWith('umoci')('a file is read from random layers as umoci unpacks it', { timeout: 600_000 }, async () => {
  const folder = await temporaryFolder();
  let [compared, filesFound] = [0, 0];
  const digests = new Map<number, string>();
  const layout = path.join(folder, 'layout');
  // One layout for all of them, each under its seed as tag.
  const images = Object.fromEntries(seeds.map((seed) => [`seed-${seed}`, imageOf(seed)]));
  await writeLayout(layout, images);
  const queue = [...seeds];
  const worker = async () => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      const image = images[`seed-${seed}`] as BuiltImage;
      const files = await compare(seed, image, `${layout}:seed-${seed}`, path.join(folder, `${seed}`));
      if (files === undefined) continue;
      compared++;
      filesFound += files.found;
      digests.set(seed, files.digest);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker));
  // The rest are images that umoci refuses: a file as a directory, links in circles, hard links to nothing.
  if (ONLY) return;
  expect(compared).toBeGreaterThan(COUNT / 3);
  expect(filesFound).toBeGreaterThan(COUNT / 3);
  // For the quick comparison in recorded-layers.test.ts; `-u=true` records them again.
  if (COUNT !== 300) return;
  const lines = seeds.flatMap((seed) => (digests.has(seed) ? `${seed} ${digests.get(seed)}\n` : []));
  await expect(lines.join('')).toMatchFileSnapshot(UMOCI_ANSWERS);
});

function imageOf(seed: number): BuiltImage {
  return buildImage({
    platform: PLATFORM,
    layers: randomLayers(seed),
    addParents: seed % 4 === 0,
    compression: seed % 3 ? 'gzip' : 'none',
  });
}

/**
 * Compares what an image has at all its paths.
 * @returns how many of them lead to a file, and what umoci has at some of them; `undefined` if umoci refuses the image
 */
async function compare(seed: number, image: BuiltImage, tagged: string, rootfs: string) {
  // `raw unpack` applies the same layers the same way, and leaves out the record of what it has unpacked.
  const umoci = await execa('umoci', ['raw', 'unpack', '--rootless', '--image', tagged, rootfs], {
    reject: false,
    // It lives for milliseconds, half of them spent on collecting garbage.
    env: { GOGC: 'off' },
  });
  if (umoci.exitCode !== 0) return undefined;
  let found = 0;
  const all = new Set([...(await pathsIn(rootfs)), ...pathsAsked(seed)]);
  const unpacked = new Map<string, string | undefined>();
  const examined = await examine(image, [...all]);
  expect(examined.files, `SPACECTL_TEST_SEED=${seed}`).toEqual(await filesNamed('cert', rootfs));
  for (const wanted of all) {
    const expected = await readInRoot(rootfs, wanted);
    const target = examined.paths[wanted];
    const size = target?.kind === 'file' ? target.size : undefined;
    expect(size, `SPACECTL_TEST_SEED=${seed}, ${wanted}`).toBe(expected?.length);
    const [inImage, inRoot] = [await contentIn(inMemory(image), wanted), expected?.toString() || undefined];
    unpacked.set(wanted, inRoot);
    const description = `SPACECTL_TEST_SEED=${seed}, ${wanted} in ${JSON.stringify(randomLayers(seed), undefined, 1)}`;
    if (inRoot !== undefined) found++;
    expect(inImage, description).toBe(inRoot);
  }
  return { found, digest: digestOfAnswers(pathsAsked(seed).map((each) => unpacked.get(each))) };
}

/** What all layers together say of paths, and of files called `cert`. */
async function examine(image: BuiltImage, paths: readonly string[]) {
  const questions = { paths, files: [{ name: 'cert' }] };
  const options = { signal: new AbortController().signal, questions, isThorough: true, isOptional: true };
  const { examination } = await examineImage(inMemory(image), ['/none'], options);
  return { ...examination, files: examination.files.map(({ path }) => path) };
}

async function filesNamed(name: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((each) => each.isFile() && each.name === name)
    .map((each) => path.join('/', path.relative(folder, each.parentPath), each.name))
    .sort();
}

/** Everything in a folder that is not a folder, as the image's own paths; not more than is quick to compare. */
async function pathsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((each) => !each.isDirectory())
    .map((each) => path.join('/', path.relative(folder, each.parentPath), each.name));
  return paths.slice(0, 12);
}
