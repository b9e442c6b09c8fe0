import { describe, expect, test } from 'vitest';
import { formatHelp } from '../../../commands/help/help.ts';
import { describeProgram, loadAllCommands } from '../../../commands/index.ts';
import { GROUPS, HELP_PAGES, TOPICS } from '../../../commands/topics.ts';

const manifest = await describeProgram();
const COMMANDS = await loadAllCommands();
const SCHEMA = JSON.stringify({ properties: { pool: { description: 'The pool', properties: { name: {} } } } });
const sources = { manifest, readSchema: () => SCHEMA };
const page = (width: number) => ({ width, bold: (text: string) => text });
const help = (id: string, { width = 80, all = false } = {}) => formatHelp(id, sources, page(width), all);

test('help of the program starts with what people do first, then lists everything by what it is for', () => {
  const headings = help('').match(/^[A-Z ]+$/gm);
  expect(headings).toEqual(['USAGE', 'START HERE', 'SET UP', 'KEEP', 'HOST', 'ACCOUNT', 'SHELL AND EDITOR', 'HELP']);
  const [, first = ''] = /START HERE\n([\s\S]*?)\n\n/.exec(help('')) ?? [];
  expect(first.match(/^ {2}\S+(?: \S+)*(?= {2})/gm)?.map((each) => each.trim())).toEqual([
    'init',
    'status',
    'ca-bundle build',
    'render TARGET',
  ]);
});

test('every command and topic is in one group of the program’s help', () => {
  const first = Object.keys(manifest.commands).map((id) => id.split(':')[0] ?? '');
  expect(GROUPS.flatMap(({ ids }) => ids).sort()).toEqual([...new Set(first)].sort());
});

test('help of a topic lists its own commands and topics, not those below', () => {
  const text = help('workerpool');
  expect(text).toContain('  workerpool worker  The workers');
  expect(text).toMatch(/^ {2}workerpool create /m);
  expect(text).not.toContain('worker drain');
  expect(text).not.toContain('keypair');
});

test('every topic of a command is described, and every topic described has commands', () => {
  const topics = Object.keys(manifest.commands).flatMap((id) =>
    id
      .split(':')
      .slice(0, -1)
      .map((_, depth, words) => words.slice(0, depth + 1).join(':')),
  );
  expect(Object.keys(TOPICS).sort()).toEqual([...new Set(topics)].sort());
});

describe.each(['', ...Object.keys(TOPICS), ...Object.keys(HELP_PAGES), ...Object.keys(manifest.commands)])(
  'help of "%s" is as people read it',
  (id) => {
    test.each([60, 80, 120])(
      'help fits %i columns: lines break between words, and command lines not at all',
      (width) => {
        const text = help(id, { width, all: true });
        const wide = text.split('\n').filter((line) => line.length > width && !line.startsWith('  $ '));
        // A word that is wider than its column stays whole.
        expect(wide.filter((line) => /\S\s\S/.test(line.trim().replace(/^-\S+ +/, '')))).toEqual([]);
        expect(text.replace(/\s+/g, ' ')).toBe(help(id, { width: 10_000, all: true }).replace(/\s+/g, ' '));
      },
    );
  },
);

/** The line on which a flag is explained. */
const ROW = /^ {2}(?: {4}|-\w, )?(--[^ =]+)/;

describe.each(Object.entries(COMMANDS))('%s', (id, command) => {
  test('help names every flag and argument that the parser knows, and no other', () => {
    const text = help(id, { width: 10_000, all: true });
    const flags = Object.entries({ ...command.baseFlags, ...command.flags });
    const shown = flags.map(([name, flag]) => `--${flag.type === 'boolean' && flag.allowNo ? '[no-]' : ''}${name}`);
    const listed = text.split('\n').flatMap((line) => ROW.exec(line)?.[1] ?? []);
    expect(listed.sort()).toEqual(shown.sort());
    for (const name of Object.keys(command.args ?? {}))
      expect(text).toMatch(new RegExp(`^ {2}\\$ spacectl .*\\[?${name.toUpperCase()}`, 'm'));
  });

  test('the short help fits a screen, and says where the rest is', () => {
    const text = help(id);
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(50);
    const { flags = [] } = manifest.commands[id] ?? {};
    const explained = text.split('\n').filter((line) => ROW.test(line));
    const [, more = ''] = text.split(`MORE FLAGS, which "spacectl ${id.replaceAll(':', ' ')} --help --all" explains\n`);
    const [groups = ''] = more.split('\n\n');
    const counted = [...groups.matchAll(/ \((\d+)\)$/gm)].map(([, count]) => Number(count));
    const named = groups.match(/--[a-z0-9-]+/g) ?? [];
    expect(counted.reduce((sum, each) => sum + each, explained.length + named.length)).toBe(flags.length);
  });
});

test('examples are command lines as they are typed', () => {
  const examples = Object.values(manifest.commands).flatMap((each) => each.examples);
  expect(examples.filter((each) => !each.includes('spacectl') || /<%|^\$/.test(each))).toEqual([]);
});

test('flags are explained by what they do, not by the words of a prompt', () => {
  const flags = Object.values(manifest.commands).flatMap((command) => command.flags);
  const texts = new Set(flags.flatMap(({ summary, description = '' }) => [summary, description]));
  const PROMPTED = /\?$|\boptional\)|leave (?:it )?empty|\bsay (?:yes|no)\b|\bpaste|\badd .* here\b/i;
  expect([...texts].filter((text) => PROMPTED.test(text))).toEqual([]);
});
