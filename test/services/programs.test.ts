import { execa } from 'execa';
import { expect, test } from 'vitest';

/** Runs the cases in test/services/needs, and returns how each ended by its title. */
async function runCases(env: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const folder = 'test/services/needs';
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--root', folder, '--config', 'vitest.config.ts'];
  const { stdout } = await execa(process.execPath, [...args, '--reporter=json'], { reject: false, env });
  const { testResults } = JSON.parse(stdout) as {
    testResults: { assertionResults: { title: string; status: string }[] }[];
  };
  return Object.fromEntries(
    testResults.flatMap(({ assertionResults }) => assertionResults.map(({ title, status }) => [title, status])),
  );
}

const BOTH = 'one of each is missing [needs no-such-program: run test/services/install.sh; needs wings]';

test.each([
  ['is skipped', { CI: '' }, 'skipped'],
  ['fails under CI=true', { CI: 'true' }, 'failed'],
])('A test that needs what the machine does not have %s, with the reason in its title', async (_title, env, status) => {
  expect(await runCases(env)).toEqual({
    'nothing is missing': 'passed',
    [BOTH]: status,
    'a right is missing for one [needs wings]': status,
    'a right is missing for two [needs wings]': status,
  });
});
