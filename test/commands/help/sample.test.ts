import { expect, test } from 'vitest';
import { formatHelp } from '../../../commands/help/help.ts';
import type { CommandInfo, FlagInfo } from '../../../commands/oclif/manifest.ts';

const flag = (name: string, rest: Partial<FlagInfo> = {}): FlagInfo => ({
  name,
  summary: `Summary of ${name}`,
  isRepeated: false,
  isNegatable: false,
  isCommon: true,
  variables: [],
  ...rest,
});

const SAMPLE: CommandInfo = {
  summary: 'Do it.',
  description: 'First paragraph.\n\nSecond.',
  examples: [`spacectl do it --with ${'x'.repeat(100)} y`],
  arguments: [
    { name: 'file', summary: 'What to do it to', isRepeated: true, isRequired: true },
    { name: 'how', summary: 'How', isRepeated: false, isRequired: false, choices: ['fast', 'well'] },
    { name: 'dir', summary: 'Where', isRepeated: false, isRequired: false },
  ],
  flags: [
    flag('json'),
    flag('dir', { char: 'd', value: 'DIR', default: '.' }),
    flag('a-name-that-takes-most-of-the-line', { value: 'X', isRepeated: true, description: 'Described.' }),
    flag('rare', { section: 'bundle', isCommon: false, isNegatable: true, variables: ['SPACECTL_RARE'] }),
    flag('kind', {
      section: 'bundle',
      isCommon: false,
      value: 'KIND',
      choices: ['a', 'b'],
      targets: ['ecs', 'docker'],
    }),
    flag('shout', { section: 'general', isCommon: false }),
  ],
  places: {},
  secrets: [],
};
const SECTIONS = [
  { id: 'bundle', title: 'CA bundle', about: 'The CA bundle' },
  { id: 'general', title: 'General', about: 'Output' },
];

function help(command: CommandInfo, { width = 40, all = false, bold = String as (text: string) => string } = {}) {
  const manifest = { summaries: { 'do:it': command.summary }, commands: { 'do:it': command }, sections: SECTIONS };
  return formatHelp('do:it', { manifest, readSchema: () => '' }, { width, bold }, all);
}

const START = `Do it.

First paragraph.

Second.

USAGE
  $ spacectl do it FILE... [HOW] [DIR] [FLAGS]

ARGUMENTS
  FILE...  What to do it to
  [HOW]    How [fast|well]

FLAGS
      --json     Summary of json
  -d, --dir=DIR  Where`.replace('Where', 'Summary of dir [default: .]');

const EXAMPLES = `
EXAMPLES
  $ spacectl do it --with ${'x'.repeat(100)} y
`;

test('all help lists common flags first, then those of each section, with all there is to say', () => {
  expect(help(SAMPLE, { all: true })).toBe(`${START.replace(' [default: .]', '\n                 [default: .]')}
      --a-name-that-takes-most-of-the-line=X...
                 Summary of
                 a-name-that-takes-most-of-the-line
                 [repeatable]
                 Described.

CA BUNDLE FLAGS
  --[no-]rare  Summary of rare
               [SPACECTL_RARE]
  --kind=KIND  Summary of kind [for
               ecs, docker; a|b]

GENERAL FLAGS
  --shout  Summary of shout
${EXAMPLES}`);
});

test('short help lists all flags in a few words where they fit a screen', () => {
  const text = help(SAMPLE, { width: 80 });
  expect(text).toContain('  --kind=KIND  Summary of kind [a|b]\n');
  expect(text).toContain('  --[no-]rare  Summary of rare\n');
  expect(text).not.toContain('Described');
});

test('short help of a command with many flags says what those are about that are not common', () => {
  const ended = (count: number) => {
    const more = Array.from({ length: count }, (_, index) => flag(`f${index}`, { section: 'bundle', isCommon: false }));
    const text = help({ ...SAMPLE, flags: [...SAMPLE.flags, ...more] }, { width: 80 });
    expect(text.startsWith(START)).toBe(true);
    return text.split('MORE FLAGS, which "spacectl do it --help --all" explains\n')[1];
  };
  const named = ended(40);
  expect(named).toMatch(/^ {2}bundle {3}The CA bundle: --rare, --kind, --f0, --f1,/);
  expect(named).toMatch(/ --f39\n {2}general {2}Output: --shout\n\nEXAMPLES/);
  expect(ended(400)).toBe(`  bundle   The CA bundle (402)\n  general  Output (1)\n${EXAMPLES}`);
});

test('only the headings of help are bold', () => {
  const marked = help(SAMPLE, { width: 80, all: true, bold: (text) => `<${text}>` });
  const headings = ['USAGE', 'ARGUMENTS', 'FLAGS', 'CA BUNDLE FLAGS', 'GENERAL FLAGS', 'EXAMPLES'];
  expect(marked.match(/<.*?>/g)).toEqual(headings.map((each) => `<${each}>`));
  expect(marked.replace(/[<>]/g, '')).toBe(help(SAMPLE, { width: 80, all: true }));
});
