import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FACTS, RESULTS, shapeOf } from '../../../build/reference/json-shapes.ts';
import { mismatches } from '../../../build/reference/shape.ts';
import { runAllWithJson } from '../../services/json-runs.ts';
import { testWith } from '../../services/programs.ts';

/** Documented commands that are run elsewhere, since they need servers or hosts of their own. */
const ELSEWHERE = ['ca-bundle probe', 'deploy'];

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
    const documented = [...Object.keys(FACTS), ...Object.keys(RESULTS)];
    expect(documented.filter((command) => !run.includes(command))).toEqual([]);
  },
  600_000,
);

test('a missing field, a field that is not documented and another type are found', () => {
  const shape = { a: 'text', 'b?': ['number'], c: '"x" | null' } as const;
  expect(mismatches(shape, { a: 'a', c: null })).toEqual([]);
  expect(mismatches(shape, { a: 1, b: [1, 'x'], d: 1 })).toEqual([
    '.c: missing',
    '.a: 1 is not text',
    '.b[1]: "x" is not number',
    '.d: not documented',
  ]);
});
