import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { PROGRAM } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { enterApiKey, moveTo, QUESTIONS, withTmux } from '../services/wizard.ts';

const INIT = [process.execPath, PROGRAM, 'init', 'pool', '--bits', '2048', '--target', 'systemd'] as const;

/** Writes profiles as Spacelift's CLI stores them (spacelift-io/spacectl@490d0dd, client/session/profile_manager.go). */
async function writeProfiles(
  home: string,
  profiles: Readonly<Record<string, Awaited<ReturnType<typeof startSpacelift>>>>,
) {
  await mkdir(path.join(home, '.spacelift'), { mode: 0o700 });
  const stored = Object.entries(profiles).map(([alias, { url, key }]) => {
    return [alias, { alias, credentials: { type: 1, endpoint: url, key_id: key.id, key_secret: key.secret } }];
  });
  const document = { version: 1, currentProfileAlias: stored[0]?.[0], profiles: Object.fromEntries(stored) };
  await writeFile(path.join(home, '.spacelift/config.json'), JSON.stringify(document), { mode: 0o600 });
}

withTmux('Of several profiles one is chosen, and its account is asked for pools', async () => {
  const [main, test, cwd] = [await startSpacelift(), await startSpacelift(), await temporaryFolder()];
  await writeProfiles(cwd, { main, test });
  main.addPool({ name: 'of-main' });
  const pool = test.addPool({ name: 'of-test' });
  const terminal = await openTerminal([...INIT, '--pool', 'existing'], { cwd, env: { HOME: cwd } });
  const screen = await terminal.waitFor(/Which Spacelift account\?[\s\S]*test \(/);
  expect(screen).toMatch(/❯ main \(http:\/\/127\.0\.0\.1:\d+, current\)\s+test \(/);
  await terminal.enter('test');
  await terminal.waitFor(/of-test/);
  expect(await terminal.screen()).not.toContain('of-main');
  await terminal.press('Enter');
  await terminal.waitFor(QUESTIONS.ca);
  await terminal.enter();
  expect(await terminal.waitFor(QUESTIONS.review)).toMatch(new RegExp(`pool-id +${pool.id} +you`));
  await terminal.press('Escape');
  expect(await terminal.ended()).toBe(0);
});

withTmux('With one profile nothing is asked about it', async () => {
  const [server, cwd] = [await startSpacelift(), await temporaryFolder()];
  await writeProfiles(cwd, { only: server });
  server.addPool({ name: 'of-only' });
  const terminal = await openTerminal([...INIT, '--pool', 'existing'], { cwd, env: { HOME: cwd } });
  expect(await terminal.waitFor('of-only')).not.toContain('Which Spacelift account?');
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
});

withTmux('An API key is tried when it is typed, and the account that it opens is asked for pools', async () => {
  const [server, cwd] = [await startSpacelift(), await temporaryFolder()];
  const pool = server.addPool({ name: 'of-key' });
  const terminal = await openTerminal([...INIT, '--pool', 'existing'], { cwd, env: { HOME: cwd } });
  await enterApiKey(terminal, server);
  await terminal.waitFor(`of-key (${pool.id})`);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
});

withTmux(
  'The spaces of the account are offered on the review, and one that it does not list is warned of',
  async () => {
    const [server, cwd] = [await startSpacelift(), await temporaryFolder()];
    server.spaces.add('platform-01hcc6');
    const create = ['--pool', 'create', '--name', 'demo'];
    const terminal = await openTerminal([...INIT, ...create], { cwd, env: { ...server.environment } });
    await terminal.waitFor(QUESTIONS.ca);
    await terminal.enter();
    const edit = async (term: string) => {
      await moveTo(terminal, /❯ . space /);
      await terminal.press('Right');
      await terminal.waitFor(/ID of the space[\s\S]*None of these: legacy/);
      await terminal.enter(term);
      await terminal.waitFor(QUESTIONS.review);
    };
    await edit('platf');
    await terminal.waitFor(/ space +platform-01hcc6 +you/);
    // What was chosen stands first now: Enter alone keeps it.
    await edit('');
    await terminal.waitFor(/ space +platform-01hcc6 +you/);
    await edit('elsewhere');
    await terminal.waitFor(/ space +elsewhere +you[\s\S]*Warning: space: your account does not list elsewhere/);
    await edit('legacy');
    await terminal.waitFor(/ space +legacy +you/);
    expect(await terminal.visible()).not.toContain('does not list');
    await terminal.press('Escape');
    expect(await terminal.ended()).toBe(0);
  },
);

withTmux('A list that comes too late is not waited for', async () => {
  const [server, cwd] = [await startSpacelift(), await temporaryFolder()];
  server.trouble({ late: 60_000 });
  const terminal = await openTerminal([...INIT, '--pool', 'existing'], { cwd, env: { ...server.environment } });
  await terminal.waitFor(/(?:did not answer in time|did not arrive within 5 seconds)\. Type the value instead/);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
});
