import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeCommands, loadAllCommands } from '../../commands/index.ts';
import { resolveName } from '../../commands/oclif/names.ts';
import { flagName } from '../../src/step/given.ts';
import type { Input } from '../../src/step/input.ts';

const COMMANDS = await describeCommands();
const CLASSES = await loadAllCommands();
const PAGES = (await readdir('docs', { recursive: true }))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

test.each(['README.md', ...PAGES])('the command lines in %s name commands and flags that exist', async (page) => {
  const lines = commandLinesIn(await readFile(page, 'utf8'));
  expect(lines.flatMap(mistakesIn)).toEqual([]);
});

test.each(['README.md', ...PAGES])(
  'the commands to copy in %s have what they need, and values to choose from',
  async (page) => {
    const lines = commandLinesIn(fencesOf(await readFile(page, 'utf8')));
    expect(lines.flatMap(lacksIn)).toEqual([]);
  },
);

test('a missing flag and a value that is no choice are found', () => {
  expect(lacksIn('render terraform --dir x')).toEqual(['render terraform --dir x: lacks --cloud']);
  expect(lacksIn('render terraform --cloud aws')).toEqual([]);
  expect(lacksIn('render terraform --cloud=oracle')).toEqual(['render terraform --cloud=oracle: --cloud "oracle"']);
  expect(lacksIn('ca-bundle probe --bundle x')).toEqual(['ca-bundle probe --bundle x: lacks TARGET']);
});

test('the examples of help name commands and flags that exist', () => {
  const examples = Object.values(COMMANDS).flatMap((command) => command.examples);
  const lines = examples.map((example) => commandLinesIn(`\`\`\`sh\n${example}\n\`\`\`\n`));
  expect(lines.filter((found) => found.length !== 1)).toEqual([]);
  expect(lines.flat().flatMap(mistakesIn)).toEqual([]);
});

test('command lines are found in fences and in running text', () => {
  const page =
    'run `spacectl init --dir x` or\n```sh\nsudo spacectl host status && y $(spacectl launcher url --json | z)\n```\n';
  expect(commandLinesIn(page)).toEqual(['host status', 'launcher url --json', 'init --dir x']);
  expect(mistakesIn('init --dri x')).toEqual(['init --dri x: --dri']);
  expect(mistakesIn('innit --dir x')).toEqual(['innit --dir x: not a command']);
  expect(mistakesIn('ami check --no-quiet -d')).toEqual([
    'ami check --no-quiet -d: --no-quiet',
    'ami check --no-quiet -d: -d',
  ]);
});

/** Commands that ask for what they need, or find it in the pool's directory. */
const ASK: readonly string[] = ['init', 'apply', 'profile:login'];

/** Required inputs that a line does not give, and values that are not among the choices. */
function lacksIn(line: string): readonly string[] {
  const named = resolveName(line.replace(/'[^']*'|"[^"]*"/g, 'VALUE').split(/\s+/), Object.keys(COMMANDS));
  const command = named.kind === 'command' ? CLASSES[named.id] : undefined;
  if (named.kind !== 'command' || !command || ASK.includes(named.id) || /(?:^|\s)-(?:-help|h)\b|…/.test(line))
    return [];
  const words = named.rest;
  const bare = words.filter((word, at) => !word.startsWith('-') && !takesValue(words[at - 1], named.id));
  return Object.entries(command.inputs).flatMap(([name, input]) => {
    const flag = `--${flagName(name, input)}`;
    const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
    const isPositional = input.positional !== undefined;
    if (at < 0) {
      const isGiven = isPositional ? bare.length > 0 : !isRequired(input);
      return isGiven || !isRequired(input) ? [] : [`${line}: lacks ${isPositional ? name.toUpperCase() : flag}`];
    }
    const value = words[at]?.includes('=') ? words[at]?.slice(flag.length + 1) : words[at + 1];
    const choices =
      input.kind === 'choice' || input.kind === 'choices' ? input.choices?.map((each) => each.value) : undefined;
    const isPlaceholder = !value || /^(?:VALUE|[A-Z]+)$|\$/.test(value);
    const isKnown = !choices || isPlaceholder || choices.includes(value) || value in (input.synonyms ?? {});
    return isKnown ? [] : [`${line}: ${flag} "${value}"`];
  });
}

/** Whether a command cannot run without it, whatever the environment and the directory have. */
function isRequired({ optional, default: fallback, when }: Input): boolean {
  return !optional && fallback === undefined && when === undefined;
}

function takesValue(word: string | undefined, id: string): boolean {
  const flags = COMMANDS[id]?.flags ?? [];
  return flags.some(({ name, char, value }) => value !== undefined && (word === `--${name}` || word === `-${char}`));
}

function fencesOf(page: string): string {
  return (page.match(/^```sh\n[\s\S]*?^```/gm) ?? []).join('\n');
}

/** Finds what follows the name of the program, up to the end of the command. */
function commandLinesIn(page: string): readonly string[] {
  const fences = [...page.matchAll(/^```(?:sh|yaml)\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
  const spans = [...page.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
  const code = [...fences, ...spans].join('\n');
  return [...code.matchAll(/(?:^|[\s(])spacectl ((?:'[^']*'|"[^"]*"|[^\n|&;)#'"])+)/gm)]
    .map(([, line = '']) => line.trim())
    .filter((line) => /^[a-z-]/.test(line));
}

/** Flags and commands that this program does not have; commands of Spacelift's own CLI are not looked at. */
function mistakesIn(line: string): readonly string[] {
  const words = line.replace(/'[^']*'|"[^"]*"/g, 'VALUE').split(/\s+/);
  const named = resolveName(words, Object.keys(COMMANDS));
  if (named.kind === 'topic') return [];
  if (named.kind === 'unknown')
    return ['stack', 'module', 'run'].includes(named.word) ? [] : [`${line}: not a command`];
  const { flags = [] } = COMMANDS[named.id] ?? {};
  const known = [
    '--help',
    ...flags.flatMap(({ name, char, isNegatable }) => [
      `--${name}`,
      ...(char ? [`-${char}`] : []),
      ...(isNegatable ? [`--no-${name}`] : []),
    ]),
  ];
  const given = named.rest.map((word) => word.replace(/=.*/, '')).filter((word) => /^--?[a-z]/.test(word));
  return given.filter((flag) => !known.includes(flag)).map((flag) => `${line}: ${flag}`);
}
