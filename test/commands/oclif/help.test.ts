import { describe, expect, test } from 'vitest';
import { describeCommands, loadAllCommands } from '../../../commands/index.ts';
import { formatHelp } from '../../../commands/oclif/help.ts';
import type { CommandInfo, FlagInfo } from '../../../commands/oclif/manifest.ts';
import { TOPICS } from '../../../commands/topics.ts';

const page = (width: number) => ({ width, bold: (text: string) => text });
const manifest = await describeCommands();
const COMMANDS = await loadAllCommands();

const flag = (name: string, rest: Partial<FlagInfo> = {}): FlagInfo => ({
  name,
  summary: `Summary of ${name}`,
  isRepeated: false,
  isNegatable: false,
  ...rest,
});

const SAMPLE: CommandInfo = {
  summary: 'Do it.',
  description: 'First paragraph.\n\nSecond.',
  examples: [`spacectl do it --with ${'x'.repeat(100)} y`],
  arguments: [{ name: 'file', summary: 'What to do it to', isRepeated: true }],
  flags: [
    flag('json', { group: 'global' }),
    flag('rare', { group: 'more', isNegatable: true }),
    flag('dir', { char: 'd', value: 'DIR' }),
    flag('a-name-that-takes-most-of-the-line', { value: 'X', isRepeated: true, description: 'Described.' }),
  ],
  places: {},
  secrets: [],
};

test('help of a command lists common flags first and global ones last, and breaks no command line', () => {
  expect(formatHelp('do:it', { 'do:it': SAMPLE }, page(40))).toBe(`Do it.

First paragraph.

Second.

USAGE
  $ spacectl do it [FILE...] [FLAGS]

ARGUMENTS
  [FILE...]  What to do it to

FLAGS
  -d, --dir=DIR  Summary of dir
      --a-name-that-takes-most-of-the-line=X...
                 Summary of
                 a-name-that-takes-most-of-the-line
                 Described.

MORE FLAGS
  --[no-]rare  Summary of rare

GLOBAL FLAGS
  --json  Summary of json

EXAMPLES
  $ spacectl do it --with ${'x'.repeat(100)} y
`);
});

test('only the headings of help are bold', () => {
  const bold = (text: string) => `<${text}>`;
  const marked = formatHelp('do:it', { 'do:it': SAMPLE }, { width: 80, bold });
  expect(marked.match(/<.*?>/g)).toEqual(
    ['USAGE', 'ARGUMENTS', 'FLAGS', 'MORE FLAGS', 'GLOBAL FLAGS', 'EXAMPLES'].map(bold),
  );
  expect(marked.replace(/[<>]/g, '')).toBe(formatHelp('do:it', { 'do:it': SAMPLE }, page(80)));
});

test('help of a topic lists its own commands and topics, not those below', () => {
  const text = formatHelp('workerpool', manifest, page(80));
  expect(text).toContain('  workerpool worker  The workers');
  expect(text).toMatch(/^ {2}workerpool create /m);
  expect(text).not.toContain('worker drain');
  expect(text).not.toContain('keypair');
});

test('every topic of a command is described, and every topic described has commands', () => {
  const topics = Object.keys(manifest).flatMap((id) =>
    id
      .split(':')
      .slice(0, -1)
      .map((_, depth, words) => words.slice(0, depth + 1).join(':')),
  );
  expect(Object.keys(TOPICS).sort()).toEqual([...new Set(topics)].sort());
});

describe.each(['', ...Object.keys(TOPICS), ...Object.keys(manifest)])('help of "%s" is as people read it', (id) => {
  test.each([60, 80, 120])('help fits %i columns: lines break between words, and command lines not at all', (width) => {
    const text = formatHelp(id, manifest, page(width));
    const wide = text.split('\n').filter((line) => line.length > width && !line.startsWith('  $ '));
    // A word that is wider than its column stays whole.
    expect(wide.filter((line) => /\S\s\S/.test(line.trim().replace(/^-\S+ +/, '')))).toEqual([]);
    expect(text.replace(/\s+/g, ' ')).toBe(formatHelp(id, manifest, page(10_000)).replace(/\s+/g, ' '));
  });
});

test.each(Object.entries(COMMANDS))('%s: help names every flag and argument that the parser knows', (id, command) => {
  const text = formatHelp(id, manifest, page(10_000));
  const flags = Object.entries({ ...command.baseFlags, ...command.flags });
  const shown = flags.map(([name, flag]) => `--${flag.type === 'boolean' && flag.allowNo ? '[no-]' : ''}${name}`);
  const listed = text.split('\n').flatMap((line) => /^ {2}(?: {4}|-\w, )?(--[^ =]+)/.exec(line)?.[1] ?? []);
  expect(listed.sort()).toEqual(shown.sort());
  for (const name of Object.keys(command.args ?? {}))
    expect(text).toMatch(new RegExp(`^ {2}\\[${name.toUpperCase()}`, 'm'));
});

test('examples are command lines as they are typed', () => {
  const examples = Object.values(manifest).flatMap((each) => each.examples);
  expect(examples.filter((each) => !each.includes('spacectl') || /<%|^\$/.test(each))).toEqual([]);
});
