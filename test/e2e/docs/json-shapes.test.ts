import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FACTS, MORE, RESULTS, shapeOf } from '../../../build/reference/json-shapes.ts';
import { mismatches } from '../../../build/reference/shape.ts';
import { createDeployment } from '../../../src/deploy/parts.ts';
import { applyParts, setupParts } from '../../../src/setup/parts.ts';
import { runAllWithJson } from '../../services/json-runs.ts';
import { testWith } from '../../services/programs.ts';

/** Documented commands that are run elsewhere, since they need servers or hosts of their own. */
const ELSEWHERE = [
  'ca-bundle probe',
  'deploy',
  'host install',
  'host update',
  'host uninstall',
  'spacelift-worker-check',
];

testWith('openssl', 'gpg')(
  'every command prints the document that docs/reference/json.md says',
  async () => {
    const runs = await runAllWithJson(await readFile('docs/example-ca.pem', 'utf8'));
    const wrong = runs.flatMap(({ command, document }) => {
      const shape = shapeOf(command);
      return shape === undefined ? [] : mismatches(shape, document, command);
    });
    expect(wrong).toEqual([]);
    const run = [...runs.map(({ command }) => command), ...ELSEWHERE];
    const documented = [FACTS, RESULTS, MORE].flatMap((each) => Object.keys(each));
    expect(documented.filter((command) => !run.includes(command))).toEqual([]);
  },
  600_000,
);

test.each([
  ['init', setupParts, ['poolFile', 'rendered']],
  ['apply', applyParts, ['poolFile', 'rendered']],
  ['deploy', createDeployment(false).parts, []],
])('the facts of %s have each of its steps, and no other', (command, parts, around) => {
  const steps = parts.flatMap((part) => ('step' in part ? [part.step.id] : []));
  const described = Object.keys(FACTS[command] ?? {}).map((name) => name.replace(/\?$/, ''));
  expect(described.toSorted()).toEqual([...steps, ...around].toSorted());
});

test('a missing field, a field that is not documented and another type are found', () => {
  const shape = { a: 'text', 'b?': ['number'], c: '"x" | null', 'd?': ['null', { e: 'true' }] } as const;
  expect(mismatches(shape, { a: 'a', c: null, d: null })).toEqual([]);
  expect(mismatches(shape, { a: 1, b: [1, 'x'], d: { e: false }, f: 1 })).toEqual([
    '.c: missing',
    '.a: 1 is not text',
    '.b[1]: "x" is not number',
    '.d.e: false is not true',
    '.f: not documented',
  ]);
});
