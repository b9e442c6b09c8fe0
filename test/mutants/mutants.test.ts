import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ACCEPTED, staleAcceptances } from './accepted.mjs';
import { barOf, PROMISED } from './bars.mjs';
import { instrument } from './instrument.mjs';
import type { Reach } from './reach.mjs';
import { describeTrial, report } from './report.mjs';
import type { Order } from './runner.mjs';
import type { Runner } from './runners.mjs';
import { tryMutant } from './try.mjs';

const SOURCE = `export function isOld(age: number): boolean {
  return age > 30;
}
export const WORDS = 'It is too old', KEY = 'sha256';
`;

test('A module is changed in every way Stryker knows, but for its wording', async () => {
  const { content, mutants } = await instrument('src/age.ts', SOURCE);
  expect(mutants.map(({ line, original, replacement }) => `${line}: ${original} → ${replacement}`)).toEqual([
    expect.stringMatching(/^1: \{.*\} → \{\}$/s),
    '2: age > 30 → true',
    '2: age > 30 → false',
    '2: age > 30 → age >= 30',
    '2: age > 30 → age <= 30',
    `4: 'sha256' → ""`,
  ]);
  for (const { id } of mutants) expect(content).toContain(`stryMutAct_9fa48("${id}")`);
});

/** A stand-in for a process that runs tests: these files are red. */
function runnerWithRed(...red: readonly string[]) {
  const orders: Order[] = [];
  const run = async (order: Order) => {
    orders.push(order);
    return { isGreen: !red.includes(order.file), tests: [], reached: '' };
  };
  return { orders, runner: { run } as unknown as Runner };
}

const reachOf = (milliseconds: Record<string, number>, tests: Reach['tests']): Reach => ({
  digest: '',
  names: '',
  modules: {},
  milliseconds,
  tests,
});

const none: ReadonlyMap<string, number> = new Map();

test('Test files that noticed other mutants of the module run first', async () => {
  const reach = {
    'test/quick.test.ts': reachOf({ a: 10 }, { 'src/age.ts#1': ['a'] }),
    'test/good.test.ts': reachOf({ b: 100 }, { 'src/age.ts#1': ['b'] }),
  };
  const { orders, runner } = runnerWithRed();
  await tryMutant(runner, 'src/age.ts#1', reach, new Map([['test/good.test.ts', 1]]), 60_000);
  expect(orders.map(({ file }) => file)).toEqual(['test/good.test.ts', 'test/quick.test.ts']);
});

test('Only tests that reach a mutant run, the quickest file first, until one is red', async () => {
  const reach = {
    'test/slow.test.ts': reachOf({ a: 30_000 }, { 'src/age.ts#1': ['a'] }),
    'test/quick.test.ts': reachOf({ b: 10, c: 20 }, { 'src/age.ts#1': ['c'] }),
    'test/other.test.ts': reachOf({ d: 10 }, { 'src/age.ts#2': ['d'] }),
    'test/while-loading.test.ts': reachOf({ e: 10, f: 5000 }, { 'src/age.ts#1': [''] }),
  };
  const { orders, runner } = runnerWithRed('test/while-loading.test.ts');
  expect(await tryMutant(runner, 'src/age.ts#1', reach, none, 60_000)).toEqual({
    outcome: 'noticed',
    by: 'test/while-loading.test.ts',
  });
  expect(orders.map(({ file, tests }) => [file, tests])).toEqual([
    ['test/quick.test.ts', ['c']],
    ['test/while-loading.test.ts', ['e', 'f']],
  ]);
  expect(await tryMutant(runnerWithRed().runner, 'src/age.ts#1', reach, none, 60_000)).toEqual({ outcome: 'survived' });
  expect(await tryMutant(runnerWithRed().runner, 'src/age.ts#1', reach, none, 20_000)).toMatchObject({ isCut: true });
  expect(await tryMutant(runnerWithRed().runner, 'src/age.ts#3', reach, none, 60_000)).toEqual({
    outcome: 'not reached',
  });
});

test('A module below its bar is marked, and its unnoticed mutants are listed', async () => {
  const { mutants } = await instrument('src/x509/pem.ts', SOURCE);
  const trials = mutants.map((mutant, index) => ({
    mutant,
    verdict: { outcome: index === 1 ? ('survived' as const) : ('noticed' as const) },
  }));
  const { text, isGood } = report(trials);
  expect(isGood).toBe(false);
  expect(text).toContain('src/x509/pem.ts:2 survived: ConditionalExpression age > 30 → true');
  expect(text).toContain('✗  83 % (90) src/x509/pem.ts: 5/6 noticed, 1 survived, 0 not reached');
  expect(report(trials.filter((_, index) => index !== 1)).isGood).toBe(true);
  expect(barOf('src/files/lock.ts')).toBe(80);
});

test('Every module with a bar of its own exists: one that was moved would silently count among the others', () => {
  expect(PROMISED.filter((module) => !existsSync(module))).toEqual([]);
  expect(PROMISED.filter((module, index) => PROMISED.indexOf(module) !== index)).toEqual([]);
});

test('Every mutant that is accepted exists: code that was changed has to be judged again', async () => {
  const modules = [...new Set(ACCEPTED.map(({ module }) => module))];
  const mutants = await Promise.all(
    modules.map(async (module) => (await instrument(module, await readFile(module, 'utf8'))).mutants),
  );
  expect(staleAcceptances(mutants.flat())).toEqual([]);
  expect(staleAcceptances([])).toHaveLength(ACCEPTED.length);
});

test('A long mutant is shown where it differs', () => {
  const mutant = { id: '', module: 'src/age.ts', line: 3, kind: 'Regex', firstLine: '' };
  const trial = (original: string, replacement: string) =>
    describeTrial({ mutant: { ...mutant, original, replacement }, verdict: { outcome: 'survived' } });
  expect(trial('a > 30', 'a >= 30')).toBe('src/age.ts:3 survived: Regex a > 30 → a >= 30');
  const start = 'x'.repeat(100);
  expect(trial(`${start}ab`, `${start}b`)).toBe(
    `src/age.ts:3 survived: Regex …${'x'.repeat(30)}ab → …${'x'.repeat(30)}b`,
  );
  expect(trial(`if (a)\n  ${start}`, 'true')).toBe(`src/age.ts:3 survived: Regex if (a) ${'x'.repeat(72)}… → true`);
});
