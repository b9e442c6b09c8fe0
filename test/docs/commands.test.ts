import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeCommands } from '../../commands/index.ts';
import { lacksIn, mistakesIn } from '../services/command-lines.ts';

const COMMANDS = await describeCommands();
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
