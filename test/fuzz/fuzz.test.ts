import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sliceOf } from '../services/slice.ts';
import { bundle } from './bundle.mjs';
import { expressionsIn, slownessOf } from './expressions.mjs';
import { tryTarget } from './try-target.mjs';

let folder: string;
const SEED = new Date().toISOString().slice(0, 10);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spacectl-fuzz-test-'));
  await bundle(folder, { main: 'test/fuzz/main.ts', list: 'test/fuzz/list.ts', planted: 'test/fuzz/planted.ts' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fileOf = (name: string) => path.join(folder, `${name}.mjs`);

test.each([
  ['type', 20_000, /^not an error for users: TypeError/],
  ['disguised', 20_000, /^an error for users that hides a mistake: TypeError/],
  ['length', 20_000, /^it asked for \d+ bytes of memory/],
  ['hang', 1500, /^it is not done after 1500 ms/],
  ['expression', 1500, /^it is not done after 1500 ms/],
  ['memory', 60_000, /JS heap out of memory/],
])('A mistake in a parser is found, with an input that shows it: %s', async (name, hangAfter, fault) => {
  const order = { name, seed: 'planted', to: 300 };
  const [found] = (await tryTarget(fileOf('planted'), order, { hangAfter })).faults;
  expect(found?.fault).toMatch(fault);
  const again = { ...order, to: 1, input: found?.input ?? new Uint8Array() };
  const { faults } = await tryTarget(fileOf('planted'), again, { hangAfter });
  expect(faults[0]?.fault).toMatch(fault);
});

test('A parser that refuses what is damaged has no fault', async () => {
  const result = await tryTarget(fileOf('planted'), { name: 'sound', seed: 'planted', to: 500 });
  expect(result).toMatchObject({ faults: [], tried: 500, refused: 500 });
});

test(`Parsers refuse damaged input, and neither hang nor fail (a part of them each day; seed ${SEED})`, async () => {
  const { listTargets } = (await import(pathToFileURL(fileOf('list')).href)) as typeof import('./list.ts');
  const targets = await listTargets();
  expect(targets.length).toBeGreaterThan(60);
  for (const { name, slowness } of sliceOf(targets, 12)) {
    const { faults } = await tryTarget(fileOf('main'), { name, seed: SEED, to: Math.ceil(300 / slowness) });
    // What a fault is, and the input that shows it.
    expect(faults.map(({ fault, input }) => `${name}: ${fault} ${Buffer.from(input).toString('base64')}`)).toEqual([]);
  }
});

test('A regular expression that a text can make slow is found', async () => {
  const planted = { place: 'planted', source: '^(?:[a-z]+-?)+$', flags: '' };
  expect(await slownessOf(planted)).toContain('planted /^(?:[a-z]+-?)+$/ takes exponential time');
  expect(await slownessOf({ ...planted, source: '^(?:[a-z]+-)+$' })).toBeUndefined();
});

test('No text makes a regular expression of the program slow (a part of them each day)', async () => {
  const expressions = await expressionsIn('.');
  expect(expressions.length).toBeGreaterThan(200);
  const slow = [];
  for (const each of sliceOf(expressions, 25)) slow.push(await slownessOf(each));
  expect(slow.filter((each) => each !== undefined)).toEqual([]);
});
