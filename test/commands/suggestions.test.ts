import ts from 'typescript';
import { expect, test } from 'vitest';
import { lacksIn, mistakesIn } from '../services/command-lines.ts';
import { placeOf, SOURCES, textOf, visit } from '../services/source-texts.ts';

/** Programs that suggestions run. */
const COMMAND =
  /^(?:sudo |spacectl [a-z-]|mv |rm |cd |chmod |chown |docker |podman |aws |openssl |keytool |terraform [a-z]|systemctl |journalctl |ssh |tar )/;

/** Nodes by the name of the constant, parameter or function whose value they are. */
const VALUES = new Map<string, ts.Node[]>();
const ADVICE: ts.Node[] = [];
const COMMANDS: ts.Node[] = [];
for (const source of SOURCES)
  visit(source, (node) => {
    if (ts.isVariableDeclaration(node) && node.initializer) keep(node.name.getText(), node.initializer);
    if (ts.isFunctionDeclaration(node) && node.name) keep(node.name.text, ...returnsOf(node));
    if (!ts.isPropertyAssignment(node) && !ts.isVariableDeclaration(node) && !ts.isParameter(node)) return;
    if (node.name.getText() === 'suggestions' && node.initializer) ADVICE.push(node.initializer);
    if (node.name.getText() === 'command' && node.initializer) COMMANDS.push(node.initializer);
  });

function keep(name: string, ...nodes: readonly ts.Node[]): void {
  VALUES.set(name, [...(VALUES.get(name) ?? []), ...nodes]);
}

function returnsOf(declaration: ts.FunctionDeclaration): readonly ts.Node[] {
  const found: ts.Node[] = [];
  visit(declaration, (node) => {
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
  });
  return found;
}

/** The literals that a value may be, through lists, conditions, constants and functions. Objects are not looked into. */
function literalsOf(node: ts.Node, depth = 0): readonly ts.Node[] {
  if (depth > 12 || ts.isObjectLiteralExpression(node)) return [];
  if (textOf(node) !== undefined) return [node];
  if (ts.isConditionalExpression(node))
    return [node.whenTrue, node.whenFalse].flatMap((each) => literalsOf(each, depth + 1));
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((each) => literalsOf(each, depth + 1));
  if (ts.isSpreadElement(node) || ts.isParenthesizedExpression(node)) return literalsOf(node.expression, depth + 1);
  if (ts.isIdentifier(node)) return valuesOf(node).flatMap((each) => literalsOf(each, depth + 1));
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return literalsOf(node.expression, depth + 1);
  return [];
}

/** Whether a value belongs to a declaration that other files can import. */
function isShared(value: ts.Node): boolean {
  const declaration = ts.findAncestor(value, (each) => ts.isVariableStatement(each) || ts.isFunctionDeclaration(each));
  return declaration !== undefined && ts.isSourceFile(declaration.parent);
}

/** What a name stands for: in its own file, or else wherever it is exported. */
function valuesOf(name: ts.Identifier): readonly ts.Node[] {
  const all = VALUES.get(name.text) ?? [];
  const own = all.filter((each) => each.getSourceFile() === name.getSourceFile());
  return own.length > 0 ? own : all.filter(isShared);
}

const show = (node: ts.Node) => `${placeOf(node)}: ${textOf(node)}`;

test('a suggestion gives its command as data, apart from the words about it', () => {
  const texts = ADVICE.flatMap((each) => literalsOf(each));
  expect(texts.length).toBeGreaterThan(150);
  const mixed = texts.filter((each) => (textOf(each) ?? '').split(': ').some((part) => COMMAND.test(part)));
  expect([...new Set(mixed.map(show))]).toEqual([]);
});

test('every command to copy that starts spacectl names a command, flags that exist, and what it needs', () => {
  const lines = [...new Set(COMMANDS.flatMap((each) => literalsOf(each)))];
  // Where the words themselves are a value, they come from the list of commands.
  const own = lines.filter((each) => /^(?:sudo )?spacectl (?!VALUE)/.test(textOf(each) ?? ''));
  expect(own.length).toBeGreaterThan(50);
  const mistakes = own.flatMap((each) => {
    const line = (textOf(each) ?? '').replace(/^(?:sudo )?spacectl /, '');
    return [...mistakesIn(line), ...lacksIn(line)].map((mistake) => `${placeOf(each)}: ${mistake}`);
  });
  expect(mistakes).toEqual([]);
});
