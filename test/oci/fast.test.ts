import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { compareNames } from '../../src/oci/layers/name-order.ts';
import { readFiles } from '../../src/oci/read-file.ts';
import { cleanPath } from '../../src/oci/tar/paths.ts';
import {
  type BuiltImage,
  buildImage,
  directory,
  type Entry,
  file,
  opaque,
  symlink,
  whiteout,
  withParents,
} from '../services/image.ts';
import { inMemory, platform } from '../services/image-in-memory.ts';
import { randomLayers, randomSteps } from '../services/random-layers.ts';

/** How many random images; SPACECTL_TEST_SEEDS sets more, SPACECTL_TEST_SEED one of them. */
const COUNT = Number(process.env['SPACECTL_TEST_SEEDS'] ?? 60);
const ONLY = process.env['SPACECTL_TEST_SEED'];
const seeds = ONLY ? [Number(ONLY)] : Array.from({ length: COUNT }, (_, index) => index + 1);

/** The real components of a name: a whiteout is where the name that it removes would be. */
const placeOf = ({ name }: Entry) =>
  cleanPath(name).map((each) => (each === '.wh..wh..opq' ? '' : each.replace(/^\.wh\./, '')));
/** A layer's entries in the order in which BuildKit writes them, under clean names. */
const inOrder = (layer: readonly Entry[]) =>
  layer
    .map((entry) => ({ ...entry, name: cleanPath(entry.name).join('/') }))
    .filter(({ name }) => name !== '')
    .sort((one, other) => compareNames(placeOf(one), placeOf(other)));

/**
 * A layer that starts as BuildKit writes it, with all directories, and then writes through the links `x` and `y`, if it does:
 * reading fast stops before that.
 */
function startingInOrder(layer: readonly Entry[]): Entry[] {
  const isThrough = ({ name }: Entry) => /^[xy]\//.test(name);
  const start = withParents(layer.filter((entry) => !isThrough(entry)));
  return inOrder([...start, directory('v'), ...layer.filter(isThrough)]);
}

/** What an image has at a path, whether all layers were opened for that, and whether some were stopped, for good or at first. */
async function read(built: BuiltImage, path: string, isFast: boolean, mayStop: readonly boolean[]) {
  const image = inMemory(built);
  const layers = image.layers.map((layer, index) => ({ ...layer, isInOrder: mayStop[index] ?? false }));
  const answer = await readFiles({ ...image, layers }, [path], { signal: new AbortController().signal, isFast }).then(
    ([found]) => ({
      content: `${found?.bytes} of ${found?.resolvedPath}`,
      isStopped: found?.unverifiedLayers.length !== 0,
    }),
    (error: unknown) => ({ content: error instanceof UserError ? error.code : String(error), isStopped: false }),
  );
  return {
    ...answer,
    isOpened: layers.every(({ digest }) => image.opened.includes(digest)),
    isReread: new Set(image.opened).size < image.opened.length,
  };
}

/** Compares both ways of reading a random image. How many answers were compared, and found without reading everything. */
async function compare(seed: number, layers: readonly Entry[][], mayStop: readonly boolean[], needsAll: boolean) {
  const built = buildImage({ platform, layers, addParents: !needsAll, compression: 'none' });
  const names = layers.flat().map(({ name }) => `/${name}`);
  const count = { compared: 0, stopped: 0 };
  for (const path of new Set([...names.filter((name) => !name.includes('.wh.')), '/etc/ssl/cert'])) {
    const fast = await read(built, path, true, mayStop);
    if (needsAll && !fast.isOpened) continue;
    const full = await read(built, path, false, mayStop);
    count.compared++;
    if (fast.isStopped || fast.isReread) count.stopped++;
    const description = `SPACECTL_TEST_SEED=${seed}, ${path} in ${JSON.stringify(layers, undefined, 1)}`;
    expect(fast.content, description).toBe(full.content);
  }
  return count;
}

async function compareAll(
  each: (seed: number) => ReturnType<typeof compare>,
): Promise<{ compared: number; stopped: number }> {
  const total = { compared: 0, stopped: 0 };
  for (const seed of seeds) {
    const { compared, stopped } = await each(seed);
    total.compared += compared;
    total.stopped += stopped;
  }
  return total;
}

// Planted: without looking for links and uncertain directories, 5 in 100 answers differ.
test('reading fast finds what reading all finds, also where layers write through links of layers that were read', {
  timeout: 600_000,
}, async () => {
  const { compared, stopped } = await compareAll((seed) => {
    const random = randomLayers(seed).map(inOrder);
    // What a layer that is stopped hides of links cannot be known.
    const mayStop = random.map((layer, index) => index > 0 && layer.every(({ target }) => target === undefined));
    const layers = random.map((layer, index) => (mayStop[index] ? startingInOrder(layer) : layer));
    return compare(seed, layers, mayStop, true);
  });
  if (ONLY) return;
  expect(compared).toBeGreaterThan(COUNT);
  expect(stopped).toBeGreaterThan(COUNT / 4);
});

test('reading fast finds what reading all finds in layers as BuildKit writes them', { timeout: 600_000 }, async () => {
  const { compared, stopped } = await compareAll((seed) => {
    const layers = randomSteps(seed).map(inOrder);
    return compare(
      seed,
      layers,
      layers.map(() => true),
      false,
    );
  });
  if (ONLY) return;
  expect(compared).toBeGreaterThan(COUNT);
  expect(stopped).toBeGreaterThan(COUNT);
});

const PATH = '/etc/ssl/ca.pem';
const BASE = [directory('etc'), directory('etc/ssl'), file('etc/ssl/ca.pem', 'v1'), symlink('srv', '/etc/ssl')];
const usr = [directory('usr'), file('usr/x', '')];

test.each<[string, readonly (readonly Entry[])[], string, boolean]>([
  ['a file', [BASE, [directory('opt'), file('srv/ca.pem', 'v2')]], `v2 of ${PATH}`, false],
  ['a whiteout', [BASE, [directory('opt'), whiteout('srv/ca.pem')]], 'SPACECTL_NO_BUNDLE', false],
  ['an opaque marker', [BASE, [directory('opt'), opaque('srv')]], 'SPACECTL_NO_BUNDLE', false],
  ['a file, through two links', [[...BASE, symlink('tmp', 'srv')], [file('tmp/ca.pem', 'v2')]], `v2 of ${PATH}`, false],
  ['nothing', [BASE, [directory('opt'), directory('srv'), file('srv/ca.pem', 'v2')]], `v1 of ${PATH}`, false],
  ['nothing, and there are no such links', [BASE.slice(0, 3), usr], `v1 of ${PATH}`, true],
])('what a layer writes through a link past the path counts: %s', async (_, layers, expected, isStopped) => {
  const built = buildImage({ platform, layers, addParents: false });
  const found = await read(built, PATH, true, [false, true]);
  expect(found).toMatchObject({ content: expected, isStopped });
});
