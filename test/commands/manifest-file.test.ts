import { expect, test, vi } from 'vitest';
import { formatHelp } from '../../commands/help/help.ts';
import { describeProgram } from '../../commands/index.ts';
import { formatManifest, parseManifest } from '../../commands/oclif/manifest-file.ts';

const program = await describeProgram();
const text = formatManifest(program);

test('What is read is what the commands say of themselves, and the summaries are theirs', () => {
  const read = parseManifest(text);
  expect({ ...read, commands: { ...read.commands } }).toEqual(JSON.parse(JSON.stringify(program)));
  expect(Object.keys(read.summaries)).toEqual(Object.keys(read.commands));
  expect(text).not.toMatch(/[^\n -~]/);
});

test.each([
  ['the program', '', 1],
  ['a topic', 'workerpool', 1],
  ['a command', 'keypair:encode', 2],
])('Help of %s parses only what it prints', (_, id, lines) => {
  const parse = vi.spyOn(JSON, 'parse');
  formatHelp(id, { manifest: parseManifest(text), readSchema: () => '' }, { width: 80, bold: String });
  expect(parse).toHaveBeenCalledTimes(lines);
  parse.mockRestore();
});
