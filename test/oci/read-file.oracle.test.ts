import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { type Image, readFirstFile } from '../../src/oci/index.ts';
import { UserError } from '../../src/step/errors.ts';
import { readInRoot } from '../services/chroot.ts';
import {
  type BuiltImage,
  buildImage,
  directory,
  type Entry,
  file,
  hardlink,
  opaque,
  symlink,
  whiteout,
  writeLayout,
} from '../services/image.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { inMemory } from './image-in-memory.ts';

/** How many random images; SPACECTL_TEST_SEEDS sets more, SPACECTL_TEST_SEED one of them. */
const COUNT = Number(process.env['SPACECTL_TEST_SEEDS'] ?? 300);
const ONLY = process.env['SPACECTL_TEST_SEED'];
const seeds = ONLY ? [Number(ONLY)] : Array.from({ length: COUNT }, (_, index) => index + 1);

const NAMES = ['etc', 'ssl', 'a', 'cert'];
const PLATFORM = { os: 'linux', architecture: 'amd64' };

/** Random numbers that are the same for the same seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed * 0x9e3779b1;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/**
 * Layers that do everything layers can do, with few names, so that they get in each other's way; and often through links
 * of layers below, since that is where reading from the top down is hard.
 */
function randomLayers(seed: number): Entry[][] {
  const below = random(seed);
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
  const freePath = (most: number) => Array.from({ length: 1 + below(most) }, () => pick(...NAMES)).join('/');
  const [links, files, folders]: [string[], string[], string[]] = [[], [], []];
  const somePath = () => {
    const through = pick('', '', pick('', ...links), pick('', ...folders));
    return through ? `${through}/${freePath(2)}` : freePath(4);
  };
  const spelled = (clean: string) =>
    pick(clean, clean, clean, `./${clean}`, `/${clean}`, clean.replace('/', '//'), `x/../${clean}`);
  const target = () =>
    pick(
      `/${pick(freePath(3), ...folders)}`,
      freePath(2),
      `../${freePath(2)}`,
      `../../../../${freePath(3)}`,
      '.',
      '..',
    );
  const format = () => pick('ustar', 'ustar', 'pax', 'gnu', 'base-256', 'v7') as NonNullable<Entry['format']>;
  let content = 0;
  return Array.from({ length: 2 + below(4) }, () =>
    Array.from({ length: 1 + below(6) }, (): Entry => {
      const clean = somePath();
      const name = spelled(clean);
      const kind = below(20);
      content++;
      if (kind < 2) return whiteout(name);
      if (kind < 4) return opaque(pick('', name, clean.replace(/\/[^/]+$/, ''), pick(name, ...links)));
      if (kind < 6) {
        folders.push(clean);
        return directory(name);
      }
      if (kind < 10) {
        links.push(clean);
        return { ...symlink(name, target()), format: format() };
      }
      if (kind < 12 && files.length > 0) return hardlink(name, pick(...files));
      files.push(clean);
      return { ...file(name, below(12) === 0 ? '' : `content ${content}`), format: format() };
    }),
  );
}

/** What the reader under test finds: bytes, nothing, or that the image is malformed. */
async function read(image: Image, wanted: string): Promise<string | undefined> {
  try {
    return (await readFirstFile(image, [wanted], { signal: new AbortController().signal })).bytes.toString();
  } catch (error) {
    if (error instanceof UserError && error.code === 'SPACECTL_NO_BUNDLE') return undefined;
    // Compared like any other answer, so that the seed is told.
    return String(error);
  }
}

testWith('umoci')('finds in random layers what umoci unpacks', { timeout: 600_000 }, async () => {
  const folder = await temporaryFolder();
  let [compared, filesFound] = [0, 0];
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
      filesFound += files;
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker));
  // The rest are images that umoci refuses: a file as a directory, links in circles, hard links to nothing.
  if (ONLY) return;
  expect(compared).toBeGreaterThan(COUNT / 3);
  expect(filesFound).toBeGreaterThan(COUNT / 3);
});

function imageOf(seed: number): BuiltImage {
  return buildImage({
    platform: PLATFORM,
    layers: randomLayers(seed),
    addParents: seed % 4 === 0,
    compression: seed % 3 ? 'gzip' : 'none',
  });
}

/** Compares what an image has at all its paths. How many of them lead to a file; `undefined` if umoci refuses it. */
async function compare(seed: number, image: BuiltImage, tagged: string, rootfs: string): Promise<number | undefined> {
  // `raw unpack` applies the same layers the same way, and leaves out the record of what it has unpacked.
  const umoci = await execa('umoci', ['raw', 'unpack', '--rootless', '--image', tagged, rootfs], { reject: false });
  if (umoci.exitCode !== 0) return undefined;
  let found = 0;
  for (const wanted of [...(await pathsIn(rootfs)), '/etc/ssl/cert', '/a/ssl', '/a/../etc/cert']) {
    const expected = await readInRoot(rootfs, wanted);
    const [inImage, inRoot] = [await read(inMemory(image), wanted), expected?.toString() || undefined];
    const description = `SPACECTL_TEST_SEED=${seed}, ${wanted} in ${JSON.stringify(randomLayers(seed), undefined, 1)}`;
    if (inRoot !== undefined) found++;
    expect(inImage, description).toBe(inRoot);
  }
  return found;
}

/** Everything in a folder that is not a folder, as the image's own paths; not more than is quick to compare. */
async function pathsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((each) => !each.isDirectory())
    .map((each) => path.join('/', path.relative(folder, each.parentPath), each.name));
  return paths.slice(0, 12);
}
