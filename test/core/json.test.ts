import * as v from 'valibot';
import { expect, test } from 'vitest';
import { BadJson, readJson } from '../../src/core/json.ts';

const schema = v.looseObject({ name: v.string(), parts: v.array(v.object({ size: v.number() })) });

test('a document of the schema is read, with what else it holds', () => {
  const document = { name: 'a', parts: [{ size: 1 }], more: true };
  expect(readJson(schema, JSON.stringify(document))).toEqual(document);
});

test.each([
  ['{"name":"hush","parts":[{"size":"hush"}]}', '"parts.0.size" is not a number'],
  ['{"parts":[]}', '"name" is missing'],
  ['"hush"', 'it is not an object'],
  ['["hush"]', 'it is not an object'],
  ['{"name":"hush', 'it is not JSON; it may be cut off'],
  ['', 'it is not JSON; it may be cut off'],
])('%s is refused with the place, and nothing of it is shown', (text, message) => {
  expect(() => readJson(schema, text)).toThrow(BadJson);
  expect(() => readJson(schema, text)).toThrow(message);
  expect(() => readJson(schema, text)).not.toThrow(/hush/);
});

test('A document that is nested deeper than its reader can go is refused', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const anything = v.unknown();
  expect(() => readJson(anything, nested(200), { maxDepth: 200 })).not.toThrow();
  expect(() => readJson(anything, nested(201), { maxDepth: 200 })).toThrow(
    new BadJson('it is nested more than 200 levels deep'),
  );
  expect(() => readJson(anything, nested(100_000), { maxDepth: 200 })).toThrow(BadJson);
});
