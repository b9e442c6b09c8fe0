import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeCommands } from '../../commands/index.ts';
import { resolveName } from '../../commands/oclif/names.ts';

const COMMANDS = await describeCommands();
const PAGES = (await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);

test.each(['README.md', ...PAGES])('the command lines in %s name commands and flags that exist', async (page) => {
  const lines = commandLinesIn(await readFile(page, 'utf8'));
  expect(lines.flatMap(mistakesIn)).toEqual([]);
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
