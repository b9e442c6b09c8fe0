import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { generate, namesIn } from '../services/pool-folder.ts';
import { PROGRAM } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

test('a command finishes its work when the reader of either output stops reading', async () => {
  const dir = await temporaryFolder();
  const run = (name: string, redirection: string) =>
    execa('bash', ['-c', `"$0" "$@" ${redirection}`, process.execPath, PROGRAM, ...generate(path.join(dir, name))], {
      reject: false,
      stdin: 'ignore',
    });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
  const early = '| true; exit "${PIPESTATUS[0]}"';
  for (const [name, redirection, code] of [
    ['stdin closed', '<&-', 0],
    ['stdout closed', '>&-', 0],
    ['stderr closed', '2>&-', 0],
    ['stdout read in part', early, 0],
    ['both read in part', `2>&1 ${early}`, 0],
    ['stderr full', '2>/dev/full', 0],
    ['stdout full', '>/dev/full', 74],
  ] as const) {
    const { exitCode, stderr } = await run(name, redirection);
    expect({ name, exitCode, stderr }).toMatchObject({ exitCode: code });
    expect(stderr).not.toContain('node:internal');
    expect(await namesIn(path.join(dir, name))).toEqual(['spacelift.csr', 'spacelift.key']);
  }
});
