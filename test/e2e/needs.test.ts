import { expect, test } from 'vitest';
import { loadAllCommands } from '../../commands/index.ts';
import { spacectl } from '../services/program.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const COMMANDS = await loadAllCommands();

/** How a command that asks Spacelift names the lack of a login. */
const CREDENTIALS = 'Spacelift credentials (spacectl profile login ALIAS)';

/** What each command needs where nobody can be asked and there is no network; a command that is not here: nothing. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'ami:check': ['IMAGE', '--terraform-state', '--auto-scaling-group'],
  'ami:latest': ['--region'],
  'ca-bundle:build': ['--ca'],
  'ca-bundle:diff': ['A', 'B'],
  'ca-bundle:inspect': ['FILE'],
  'ca-bundle:probe': ['TARGET'],
  completion: ['SHELL'],
  'host:update': ['--signing-key'],
  init: ['--dir'],
  'keypair:rotate': ['--pool-id', CREDENTIALS],
  'launcher:download': ['--signing-key'],
  'launcher:verify': ['FILE'],
  'profile:login': ['ALIAS', '--api-endpoint', '--api-key-id', '--api-key-secret-file'],
  'profile:logout': ['ALIAS'],
  'profile:select': ['ALIAS'],
  'render:terraform': ['--cloud'],
  'workerpool:create': ['--api-endpoint', '--api-key-id', '--api-key-secret-file', '--name'],
  'workerpool:cycle': ['--pool-id', CREDENTIALS],
  'workerpool:delete': ['--pool-id', CREDENTIALS],
  'workerpool:reset': ['--pool-id', CREDENTIALS],
  'workerpool:show': ['--pool-id', CREDENTIALS],
  'workerpool:token': ['--pool-id', CREDENTIALS],
  'workerpool:update': ['--pool-id', CREDENTIALS],
  'workerpool:watch': ['--pool-id', CREDENTIALS],
  'workerpool:worker:cycle': ['--pool-id', CREDENTIALS],
  'workerpool:worker:drain': ['--id', '--pool-id', CREDENTIALS],
  'workerpool:worker:list': ['--pool-id', CREDENTIALS],
  'workerpool:worker:undrain': ['--id', '--pool-id', CREDENTIALS],
};

/** Commands that refuse any user but root before they ask for anything. */
const AS_ROOT = ['host:update'];

const TITLE = '%s without a terminal and without flags names everything that is missing at once';

async function expectNeeds(id: string): Promise<void> {
  const { baseFlags } = COMMANDS[id] ?? {};
  const args = [...id.split(':'), '--json', ...('dry-run' in (baseFlags ?? {}) ? ['--dry-run'] : [])];
  const env = { CI: 'true', SPACECTL_OFFLINE: 'true', SPACECTL_OFFLINE_DIR: 'nowhere' };
  const run = await spacectl(args, { cwd: await temporaryFolder(), env, timeout: 30_000 });
  const { code, message } = JSON.parse(String(run.stdout)).error ?? {};
  const [, missing] =
    /^Missing ((?:(?:--[a-z-]+|[A-Z]+(?![a-z])|Spacelift credentials \([^)]*\))(?:, )?)+)/.exec(
      code === 'SPACECTL_MISSING_INPUT' ? message : '',
    ) ?? [];
  expect(missing?.split(', ').filter(Boolean) ?? []).toEqual(NEEDS[id] ?? []);
  if (missing) expect(run.exitCode).toBe(2);
}

test.each(Object.keys(COMMANDS).filter((id) => !AS_ROOT.includes(id)))(TITLE, expectNeeds);
testWith(ROOT).each(AS_ROOT)(TITLE, expectNeeds);
