import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

type Edges = ReadonlyMap<string, ReadonlySet<string>>;

const drawn = drawnEdges(await readFile('docs/architecture.md', 'utf8'));
const imported = await importedEdges();

test('the drawing has every folder, and no other', async () => {
  const folders = (await readdir('src', { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = ['commands', ...folders.map(({ name }) => name)];
  const inDrawing = new Set([...drawn].flatMap(([from, targets]) => [from, ...targets]));
  expect([...inDrawing].sort()).toEqual(names.sort());
});

test('every import goes where arrows lead', () => {
  const against = pairs(imported).filter(([from, target]) => !reach(drawn, from).has(target));
  expect(against).toEqual([]);
});

test('every arrow stands for an import', () => {
  expect(pairs(drawn).filter(([from, target]) => !imported.get(from)?.has(target))).toEqual([]);
});

test('no arrow is drawn that others lead along already, and none leads back', () => {
  const superfluous = pairs(drawn).filter(([from, target]) =>
    [...(drawn.get(from) ?? [])].some((other) => other !== target && reach(drawn, other).has(target)),
  );
  expect(superfluous).toEqual([]);
  expect([...drawn.keys()].filter((folder) => reach(drawn, folder).has(folder))).toEqual([]);
});

test.each(['docs/architecture.md', 'CONTRIBUTING.md'])('%s names files that exist', async (page) => {
  const named = [...(await readFile(page, 'utf8')).matchAll(/`((?:\w+|\.\w+)\/[\w./-]*\w\.\w+)`/g)].map(
    ([, file = '']) => file,
  );
  expect(named.length).toBeGreaterThan(10);
  const missing = named.map((file) =>
    access(file).then(
      () => [],
      () => [file],
    ),
  );
  expect((await Promise.all(missing)).flat()).toEqual([]);
});

function drawnEdges(page: string): Edges {
  const [, graph = ''] = /```mermaid\n([\s\S]*?)```/.exec(page) ?? [];
  return collect([...graph.matchAll(/^\s+(\S+) --> (\S+)$/gm)].map(([, from = '', target = '']) => [from, target]));
}

/** Which folder imports which: static, dynamic, re-exported and type imports alike. */
async function importedEdges(): Promise<Edges> {
  const names = ['commands', 'src'].map(async (top) =>
    (await readdir(top, { recursive: true })).map((name) => path.join(top, name)),
  );
  const files = (await Promise.all(names)).flat().filter((file) => file.endsWith('.ts'));
  const edges = files.map(async (file) => {
    const imports = [...(await readFile(file, 'utf8')).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g)];
    return imports.map(([, target = '']) => [folderOf(file), folderOf(path.join(path.dirname(file), target))] as const);
  });
  return collect((await Promise.all(edges)).flat().filter(([from, target]) => from !== target));
}

function folderOf(file: string): string {
  const [top = '', folder = ''] = file.split(path.sep);
  return top === 'src' ? folder : top;
}

function collect(edges: readonly (readonly [string, string])[]): Edges {
  const collected = new Map<string, Set<string>>();
  for (const [from, target] of edges) collected.set(from, (collected.get(from) ?? new Set()).add(target));
  return collected;
}

function pairs(edges: Edges): readonly (readonly [string, string])[] {
  return [...edges].flatMap(([from, targets]) => [...targets].map((target) => [from, target] as const));
}

function reach(edges: Edges, from: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...(edges.get(from) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...(edges.get(next) ?? []));
  }
  return reached;
}
