import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const FILES = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => path.join('test', name));

/** Matchers that take a text or a regular expression, and are content with any error or text without one. */
const THROWS = /^(?:toThrow|toThrowError)$/;
const MATCHES = /^(?:toThrow|toThrowError|toMatch|stringMatching)$/;

/** Finds expectations in a test that hold whatever the program does. @returns `LINE: what is wrong` for each */
function weaknessesIn(source: ts.SourceFile): readonly string[] {
  const found: string[] = [];
  const add = (node: ts.Node, what: string) =>
    found.push(`${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}: ${what}`);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) inspectCall(node, add);
    // A block that counts how often it runs is held by what is expected of the count.
    if (ts.isCatchClause(node) && mentions(node.block, 'expect') && !node.block.getText().includes('++'))
      add(node, 'an expectation in a catch block, which may never run: use toThrow or rejects');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function inspectCall(call: ts.CallExpression, add: (node: ts.Node, what: string) => void): void {
  const [title, body] = call.arguments;
  const isTest = call.arguments.length >= 2 && title && (ts.isStringLiteralLike(title) || ts.isTemplateLiteral(title));
  if (isTest && body && ts.isArrowFunction(body) && /^test\b/.test(call.expression.getText())) {
    if (!/\bexpect\w*\s*\(|\bfc\.assert\b|@ts-expect-error/.test(body.getText()))
      add(call, 'a test that expects nothing');
  }
  if (!ts.isPropertyAccessExpression(call.expression)) return;
  const { name, expression } = call.expression;
  if (/\.not$/.test(expression.getText())) return;
  const [argument] = call.arguments;
  if (THROWS.test(name.text) && !argument) add(name, `${name.text}() without a message`);
  if (!MATCHES.test(name.text) || !argument || !ts.isRegularExpressionLiteral(argument)) return;
  const [, pattern = '', flags] = /^\/(.*)\/([a-z]*)$/s.exec(argument.text) ?? [];
  if (new RegExp(pattern, flags).test('')) add(argument, `${argument.text} matches every text`);
  else if (/^(?:\.\+?|error|\\w\+?|\\S\+?)$/i.test(pattern))
    add(argument, `${argument.text} matches nearly every text`);
}

/** Whether a name is used in a part of a source. */
function mentions(node: ts.Node, name: string): boolean {
  return (
    (ts.isIdentifier(node) && node.text === name) || Boolean(ts.forEachChild(node, (child) => mentions(child, name)))
  );
}

const parse = (name: string, text: string) => ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);

test('there are test files to look at', () => {
  expect(FILES.length).toBeGreaterThan(100);
});

test.each(FILES)('%s has no expectation that holds whatever the program does', (file) => {
  expect(weaknessesIn(parse(file, readFileSync(file, 'utf8')))).toEqual([]);
});

test.each([
  ['expect(run).toThrow()', 'toThrow() without a message'],
  ['await expect(run()).rejects.toThrowError()', 'toThrowError() without a message'],
  ['expect(text).toMatch(/.*/)', '/.*/ matches every text'],
  ['expect(text).toMatch(/^(?:a|)/)', '/^(?:a|)/ matches every text'],
  ['expect(run).toThrow(/error/i)', '/error/i matches nearly every text'],
  ['expect(a).toEqual(expect.stringMatching(/./))', '/./ matches nearly every text'],
  ["test('does', () => { run(); })", 'a test that expects nothing'],
  ["test.each([1])('does %i', async () => { await run(); })", 'a test that expects nothing'],
  ['try { run(); } catch (error) { expect(error).toBe(1); }', 'an expectation in a catch block'],
])('found: %s', (text, weakness) => {
  expect(weaknessesIn(parse('x.ts', text))).toEqual([expect.stringContaining(`1: ${weakness}`)]);
});

test.each([
  'expect(run).not.toThrow()',
  "expect(run).toThrow('message')",
  'expect(run).toThrow(/^message/)',
  'expect(text).not.toMatch(/x*/)',
  "test('does', () => { expect(run()).toBe(1); })",
  "test('does', async () => { await expectWhole(dir); })",
  "test('holds', () => { fc.assert(property); })",
  'try { run(); } catch { return true; }',
  'try { run(); } catch (error) { count++; expect(error).toBe(1); }',
])('sound: %s', (text) => {
  expect(weaknessesIn(parse('x.ts', text))).toEqual([]);
});
