import { execa } from 'execa';
import { expect } from 'vitest';
import { FAULT_NEEDS } from '../services/fault-library/fault-library.ts';
import { WRITING_COMMANDS } from '../services/fault-runs/commands.ts';
import { completenessProblems, runUndisturbed, stateProblems } from '../services/fault-runs/oracle.ts';
import { stateOf } from '../services/fault-runs/state.ts';
import { folderWithToken } from '../services/pool-folder.ts';
import { environmentOf, PROGRAM } from '../services/program.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { sliceOf } from '../services/slice.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
const EARLY = '| true; exit "${PIPESTATUS[0]}"';

/** What can become of the three streams. Only a result that cannot be written is a failure: nothing else depends on it. */
const STREAMS = {
  'standard input is closed': ['<&-', 0],
  'standard output is closed': ['>&-', 0],
  'standard error is closed': ['2>&-', 0],
  'standard output is read in part': [EARLY, 0],
  'both outputs are read in part': [`2>&1 ${EARLY}`, 0],
  'standard error is full': ['2>/dev/full', 0],
  'standard output is full': ['>/dev/full', 74],
} as const;

const TABLE = Object.entries(WRITING_COMMANDS).flatMap(([name, command]) =>
  [false, true].map((asJson) => ({ name, command, asJson })),
);

for (const { name, command, asJson } of sliceOf(TABLE, 8)) {
  const needs = name.startsWith('host') ? ([ROOT, 'useradd', 'systemctl'] as const) : [];
  testWith(...FAULT_NEEDS, 'openssl', ...needs)(
    `${name}${asJson ? ' --json' : ''} does all its work, whatever happens to its streams`,
    async () => {
      const pool = await folderWithToken();
      const undisturbed = await runUndisturbed(() => command(pool));
      for (const [what, [redirection, code]] of Object.entries(STREAMS)) {
        const { args, env = {}, below, server } = await command(pool);
        const given = asJson && !args.includes('--json') ? [...args, '--json'] : args;
        const before = await stateOf(below);
        const line = ['-c', `"$0" "$@" ${redirection}`, process.execPath, PROGRAM, ...given];
        const run = await execa('bash', line, {
          reject: false,
          stdin: 'ignore',
          extendEnv: false,
          env: environmentOf(env),
        });
        const { exitCode, stderr } = run;
        // Without --json, some commands have no result but what they have written.
        const codes = asJson || code === 0 ? [code] : [0, code];
        expect({ what, exitCode, stderr }).toMatchObject({ exitCode: expect.toBeOneOf(codes) });
        expect(stderr).not.toContain('node:internal');
        const after = await stateOf(below);
        const problems = [
          ...stateProblems(before, after, undisturbed.state, server),
          ...completenessProblems(after, undisturbed.state, 'afterwards', true),
        ];
        expect({ what, problems }).toEqual({ what, problems: [] });
      }
    },
    120_000,
  );
}
