import { expect, test } from 'vitest';
import { loadAllCommands } from '../../commands/index.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const COMMANDS = await loadAllCommands();

/** What each command needs where nobody can be asked and there is no network; a command that is not here: nothing. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'ca-bundle:build': ['--ca'],
  'ca-bundle:diff': ['A', 'B'],
  'ca-bundle:inspect': ['FILE'],
  'ca-bundle:probe': ['TARGET'],
  'host:update': ['--signing-key'],
  'launcher:download': ['--signing-key'],
  'launcher:verify': ['FILE'],
  'render:terraform': ['--cloud'],
};

test.each(Object.keys(COMMANDS))(
  '%s without a terminal and without flags: all that is missing is named at once',
  async (id) => {
    const { baseFlags } = COMMANDS[id] ?? {};
    const args = [...id.split(':'), '--json', ...('dry-run' in (baseFlags ?? {}) ? ['--dry-run'] : [])];
    const env = { CI: 'true', SPACECTL_OFFLINE: 'true' };
    const run = await spacectl(args, { cwd: await temporaryFolder(), env, timeout: 30_000 });
    const { code, message } = JSON.parse(String(run.stdout)).error ?? {};
    const missing = /^Missing (?<names>[^:]*)/.exec(code === 'SPACECTL_MISSING_INPUT' ? message : '')?.groups?.[
      'names'
    ];
    expect(missing?.split(', ') ?? []).toEqual(NEEDS[id] ?? []);
    if (missing) expect(run.exitCode).toBe(2);
  },
);
