import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';

test('--verbose tells each request and how it went, on stderr; the result is the same', async () => {
  const server = await startSpacelift();
  server.addPool({ name: 'build-eu' });
  const run = (...flags: readonly string[]) =>
    spacectl(['workerpool', 'list', '--json', ...flags], { env: server.environment });
  const [quiet, verbose] = [await run(), await run('--verbose')];
  expect(verbose.stdout).toBe(quiet.stdout);
  expect(quiet.stderr).toBe('');
  const lines = String(verbose.stderr).split('\n');
  expect(lines.filter((line) => line === `> POST ${server.url}/graphql`)).toHaveLength(lines.length / 2);
  expect(lines.filter((line) => line === `> POST ${server.url}/graphql: 200`)).toHaveLength(lines.length / 2);
});

test('--verbose tells each program that is run', async () => {
  const { stderr } = await spacectl(['doctor', '--pre', '--verbose'], { env: { PATH: '/usr/bin:/bin' } });
  expect(stderr).toMatch(/^> run \S+/m);
});

test.each([
  ['CLICOLOR_FORCE=1 gives colors without a terminal', [], { CLICOLOR_FORCE: '1', NO_COLOR: '' }, true],
  ['--no-color takes them back', ['--no-color'], { CLICOLOR_FORCE: '1', NO_COLOR: '' }, false],
])('%s', async (_title, flags, env, isColored) => {
  const { stdout } = await spacectl(['doctor', '--pre', ...flags], { env });
  expect(String(stdout).includes('\u001b[')).toBe(isColored);
});
