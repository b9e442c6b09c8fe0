import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import type { Plugin } from 'rolldown';
import { beforeAll, expect, test } from 'vitest';
import { bundle, type Chunk } from '../../build/bundle.mjs';

/** The code of every module as the bundler got it, and what it imports. */
const codes = new Map<string, string>();
const imports = new Map<string, readonly string[]>();
let chunks: readonly Chunk[];

/** Looks on after every other plugin, and changes nothing. */
const observer: Plugin = {
  name: 'observer',
  transform: {
    order: 'post',
    handler(code, id) {
      codes.set(id, code);
      return null;
    },
  },
  moduleParsed({ id, importedIds, dynamicallyImportedIds }) {
    imports.set(id, [...importedIds, ...dynamicallyImportedIds]);
  },
};

const isOfLibrary = (id: string) => id.includes('/node_modules/');

beforeAll(async () => {
  chunks = await bundle(process.cwd(), [observer]);
});

test('every module is a file as it lies on the disk, libraries’ files among them', async () => {
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => id !== '\0rolldown/runtime.js');
  expect(modules.filter(isOfLibrary).length).toBeGreaterThan(500);
  const changed = modules.map(async (id) => (codes.get(id) === (await readFile(id, 'utf8')) ? [] : [id]));
  expect((await Promise.all(changed)).flat()).toEqual([]);
});

test('what a library imports is a library’s or Node’s own: nothing of ours stands in its place', () => {
  const foreign = [...imports]
    .filter(([id]) => isOfLibrary(id))
    .flatMap(([, ids]) => ids)
    .filter((id) => !isOfLibrary(id) && !isBuiltin(id));
  expect(new Set(foreign)).toEqual(new Set(['typescript']));
});

test('source maps are kept of our own code, without its text', () => {
  const maps = chunks.flatMap(({ map }) => (map ? [JSON.parse(map)] : []));
  const sources = new Set(maps.flatMap((map) => map.sources as string[]));
  for (const file of ['commands/main.ts', 'commands/init.ts', 'src/oci/layers/worker.ts']) {
    expect(sources).toContain(`../${file}`);
  }
  expect(maps.filter((map) => map.sourcesContent?.some((content: unknown) => content))).toEqual([]);
});
