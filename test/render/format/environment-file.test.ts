import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
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
