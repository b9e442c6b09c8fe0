import { expect } from 'vitest';
import { PROGRAM } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { QUESTIONS, withTmux } from '../services/wizard.ts';

const INIT = [process.execPath, PROGRAM, 'init', 'pool', '--bits', '2048', '--target', 'systemd', '--pool', 'existing'];

withTmux('The pools of the account are offered by name and searched as one types, however fast that is', async () => {
  const [server, cwd] = [await startSpacelift(), await temporaryFolder()];
  const [, american] = ['build-eu', 'build-us', 'tests-us'].map((name) => server.addPool({ name }));
  const terminal = await openTerminal(INIT, { cwd, env: { ...server.environment } });
  await terminal.waitFor(/tests-us/);
  await terminal.enter('us bui');
  await terminal.waitFor(/✔ Which worker pool\? .*build-us/);
  await terminal.waitFor(QUESTIONS.ca);
  await terminal.enter();
  expect(await terminal.waitFor(QUESTIONS.review)).toMatch(new RegExp(`pool-id +${american?.id} +you`));
  await terminal.press('Escape');
  expect(await terminal.ended()).toBe(0);
});

withTmux('An account that does not answer is no reason to stop: the ID can be typed', async () => {
  const [server, cwd] = [await startSpacelift(), await temporaryFolder()];
  const { id } = server.addPool({ name: 'build' });
  const nowhere = { ...server.environment, SPACELIFT_API_KEY_ENDPOINT: 'http://127.0.0.1:9' };
  const terminal = await openTerminal(INIT, { cwd, env: nowhere });
  await terminal.waitFor(/127\.0\.0\.1.*Type the value instead/s);
  await terminal.enter('build');
  await terminal.waitFor('is not the ID of a worker pool');
  await terminal.press('C-u');
  await terminal.enter(id);
  await terminal.waitFor(QUESTIONS.ca);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
});
