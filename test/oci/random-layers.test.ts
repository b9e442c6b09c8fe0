import { expect, test } from 'vitest';
import { buildImage, type Entry } from '../services/image.ts';
import { contentIn, inMemory } from '../services/image-in-memory.ts';
import { randomLayers } from '../services/random-layers.ts';

const platform = { os: 'linux', architecture: 'amd64' };
const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);

const cleaned = (name: string) => name.replace(/^[./]*|(?<=\/)[./]+/g, '').replace(/^x\//, '');
const isOpaque = ({ name }: Entry) => name.endsWith('.wh..wh..opq');
const isWhiteout = (entry: Entry) => /(?:^|\/)\.wh\.[^/]+$/.test(entry.name) && !isOpaque(entry);

/** The layers without the entries of a kind whose directory is a link of an earlier entry, or is reached through one. */
function withoutThroughLinks(layers: readonly Entry[][], isKind: (entry: Entry) => boolean): readonly Entry[][] {
  const links = new Set<string>();
  return layers.map((layer) =>
    layer.filter((entry) => {
      const name = cleaned(entry.name);
      const above = name.split('/').slice(0, -1);
      const isThrough = above.some((_, index) => links.has(above.slice(0, index + 1).join('/')));
      if (entry.type === 'symlink') links.add(name);
      return !(isThrough && isKind(entry));
    }),
  );
}

/** What an image has at the places of its files and links, or that it is refused. */
async function answers(layers: readonly Entry[][], paths: readonly string[]): Promise<readonly (string | undefined)[]> {
  const image = buildImage({ platform, layers, addParents: false, compression: 'none' });
  return Promise.all(paths.map((each) => contentIn(inMemory(image), each)));
}

const whole = SEEDS.map((seed) => {
  const layers = randomLayers(seed);
  const names = layers.flat().filter((each) => !isOpaque(each) && !isWhiteout(each));
  const paths = [...new Set(names.map(({ name }) => `/${cleaned(name)}`))];
  return { layers, paths, answers: answers(layers, paths) };
});

/** How many seeds give other answers when the entries of a kind that are reached through links are ignored. */
async function seedsThatTell(isKind: (entry: Entry) => boolean): Promise<number> {
  let count = 0;
  for (const { layers, paths, answers: expected } of whole) {
    const without = withoutThroughLinks(layers, isKind);
    if (layers.flat().length === without.flat().length) continue;
    const [all, less] = [await expected, await answers(without, paths)];
    const isRefused = [...all, ...less].some((each) => each?.includes('Error'));
    if (!isRefused && all.some((each, index) => each !== less[index])) count++;
  }
  return count;
}

// Measured by planting faults in src/oci/tree/apply.ts, and counting seeds of which the oracle says another answer than
// umoci: with opaque markers through links ignored, 9 of 300; with whiteouts through links ignored, 7. Before the
// generator took care of them, and before the oracle asked for what is removed, it was none.
test.each<[string, (entry: Entry) => boolean, number]>([
  ['opaque markers', isOpaque, 12],
  ['whiteouts', isWhiteout, 4],
  ['files', ({ type }) => type === 'file', 50],
  ['hard links', ({ type }) => type === 'hardlink', 5],
  ['symbolic links', ({ type }) => type === 'symlink', 5],
])('of 300 random images, enough depend on %s reached through a link', async (_, isKind, least) => {
  expect(await seedsThatTell(isKind)).toBeGreaterThanOrEqual(least);
});
