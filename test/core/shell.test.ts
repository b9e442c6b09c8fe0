import fc from 'fast-check';
import { expect, test } from 'vitest';
import { andThen, inPosixShell, removeCommand } from '../../src/core/command-lines.ts';
import { quoteForPowerShell, userShell } from '../../src/core/shell.ts';
import { quoteIfNeeded } from '../../src/core/text.ts';
import { applyingStep } from '../../src/render/cloud/next-steps.ts';

test.each([
  ['linux', {}, 'posix'],
  ['darwin', {}, 'posix'],
  ['win32', {}, 'powershell'],
  ['win32', { MSYSTEM: 'MINGW64' }, 'posix'],
] as const)('on %s with %j, commands are for %s', (platform, environment, shell) => {
  expect(userShell(platform, environment)).toBe(shell);
});

test.each([
  ['my-pool', 'my-pool'],
  [String.raw`C:\work\my-pool`, String.raw`C:\work\my-pool`],
  ['my pool', "'my pool'"],
  ["it's", "'it''s'"],
  ['$env:X', "'$env:X'"],
  ['a,b', "'a,b'"],
  ['@a', "'@a'"],
  ['a`b', "'a`b'"],
  ['', "''"],
  ['--dir', '--dir'],
  ['-chdir=my.pool', "'-chdir=my.pool'"],
  ['it\u2019s', "'it\u2019\u2019s'"],
])('PowerShell reads %j from %s', (text, quoted) => {
  expect(quoteForPowerShell(text)).toBe(quoted);
});

test('what is quoted for PowerShell ends where it should: no quotation mark in it stands alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("'", '\u2018', '\u201b', '"', '$', '`', ' ', 'a', ';') }), (text) => {
      const quoted = quoteForPowerShell(text);
      const inside = quoted === text ? '' : quoted.slice(1, -1);
      const single = inside.replaceAll(/(['\u2018-\u201b])\1/g, '');
      expect({ isPlain: /^\w+$/.test(text), single }).toEqual({
        isPlain: quoted === text,
        single: expect.not.stringMatching(/['\u2018-\u201b]/),
      });
      if (quoted !== text) expect(inside.replaceAll(/(['\u2018-\u201b])\1/g, '$1')).toBe(text);
    }),
  );
});

test('commands that PowerShell 5.1 does not have are written in its own words', () => {
  expect(removeCommand(['a b', 'c'], 'posix')).toBe("rm 'a b' c");
  expect(removeCommand(['a b', 'c'], 'powershell')).toBe("rm 'a b', c");
  expect(andThen('a', 'b', 'posix')).toBe('a && b');
  expect(andThen('a', 'b', 'powershell')).toBe('a; if ($?) { b }');
  expect(applyingStep('my pool/terraform-aws', 'posix').command).toBe(
    "terraform -chdir='my pool/terraform-aws' init && terraform -chdir='my pool/terraform-aws' apply",
  );
  expect(applyingStep('pools/v1.2/terraform-aws', 'powershell').command).toBe(
    "terraform '-chdir=pools/v1.2/terraform-aws' init; if ($?) { terraform '-chdir=pools/v1.2/terraform-aws' apply }",
  );
  expect(inPosixShell('In bash', 'powershell')).toBe('In bash, in WSL or on another system');
  expect(quoteIfNeeded("it's", 'posix')).toBe(String.raw`'it'\''s'`);
});
