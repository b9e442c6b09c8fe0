import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MARK } from '../../../src/pool-folder/index.ts';
import { formatEnvironmentFile } from '../../../src/render/format/environment-file.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** Values with much of what has a meaning to a shell or to systemd. */
const value = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...' \t"\'\\$`#;%={}*~!&|()<>[]^?a0é'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
  })
  .filter((text) => !/[\0\r\n]/.test(text));

test.each(['dash', 'bash'])('%s reads every value as it was', async (shell) => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'environment');
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 40 }), async (values) => {
      const named = Object.fromEntries(values.map((each, index) => [`V${index}`, each]));
      await writeFile(file, formatEnvironmentFile(named));
      // NUL cannot be in a value, so it can end one.
      const script = `set -a; . "$1"; for name in ${Object.keys(named).join(' ')}; do eval "printf '%s\\0' \\"\\$$name\\""; done`;
      const { stdout } = await execa(shell, ['-c', script, shell, file], {
        env: {},
        extendEnv: false,
        stripFinalNewline: false,
      });
      expect(stdout.split('\0').slice(0, -1)).toEqual(values);
    }),
    { numRuns: 25 },
  );
});

test.each(['\n', '\r', '\0'])(
  'what such a file cannot hold is refused by the name of the variable: %j',
  (character) => {
    expect(() => formatEnvironmentFile({ SPACELIFT_TOKEN: `hush${character}` })).toThrow(/^SPACELIFT_TOKEN contains/);
  },
);

test.each([
  ['', 'A='],
  ['plain', 'A=plain'],
  ['aZ09_@%+=:,./-', 'A=aZ09_@%+=:,./-'],
  ['two words', 'A="two words"'],
  ['it\'s "so"', 'A="it\'s \\"so\\""'],
  ['$HOME `id` \\', 'A="\\$HOME \\`id\\` \\\\"'],
  ['#no comment', 'A="#no comment"'],
  ['a;b', 'A="a;b"'],
  ['tab\there', 'A="tab\there"'],
  ['é', 'A="é"'],
  ['~', 'A="~"'],
])('%j is written as %s', (text, line) => {
  expect(formatEnvironmentFile({ A: text })).toBe(`# ${MARK}\n${line}\n`);
});

test('variables keep their order, each on a line, and none make a file with only the mark', () => {
  expect(formatEnvironmentFile({ B: '1', A: '2' })).toBe(`# ${MARK}\nB=1\nA=2\n`);
  expect(formatEnvironmentFile({})).toBe(`# ${MARK}\n`);
});

test('a value that such a file cannot hold is not shown', () => {
  expect(() => formatEnvironmentFile({ FINE: '1', TOKEN: 'hush\nhush' })).toThrow(
    expect.objectContaining({
      code: 'SPACECTL_BAD_INPUT',
      message: 'TOKEN contains a line break or NUL, which an environment file cannot hold',
    }),
  );
});
