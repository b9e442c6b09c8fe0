import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { makeToken } from '../services/token.ts';

const EXAMPLE_CA = path.resolve('docs/example-ca.pem');
const withTmux = testWith('tmux', 'openssl');

const wizard = (cwd: string, ...flags: readonly string[]) =>
  openTerminal([process.execPath, PROGRAM, 'init', ...flags], { cwd });

withTmux('from an empty folder to rendered hosts; the saved answers give the same files', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--bits', '2048');
  await terminal.waitFor('Where should the files of this worker pool go?');
  await terminal.enter('pool');
  await terminal.waitFor("The pool's token");
  await terminal.enter('hush-not-a-token');
  await terminal.waitFor('This is not a worker pool token');
  expect(await terminal.screen()).not.toContain('hush');
  await terminal.press('C-u');
  await terminal.enter();
  await terminal.waitFor('leave empty for none');
  await terminal.enter('nowhere.pem');
  await terminal.waitFor('there is no such file');
  await terminal.press('C-u');
  await terminal.enter(EXAMPLE_CA);
  await terminal.waitFor('leave empty when done');
  await terminal.enter();
  await terminal.waitFor('What should be rendered for the hosts?');
  await terminal.press('Down', 'Space', 'Enter');
  await terminal.waitFor('Which cloud will read');
  await terminal.enter();
  await terminal.waitFor('Put token and private key into the document?');
  await terminal.enter('n');
  await terminal.waitFor('This is what will be done');
  await terminal.waitFor('Do it?');
  expect(await readdir(cwd)).not.toContain('pool');
  await terminal.enter('y');
  await terminal.waitFor('Save the answers');
  await terminal.enter('y');
  await terminal.waitFor('Next:');
  expect(await terminal.ended()).toBe(0);
  const dir = path.join(cwd, 'pool');
  expect(await readdir(dir)).toEqual(
    expect.arrayContaining(['spacelift.key', 'cloud-init.yaml', 'systemd', 'spacectl-answers.yaml']),
  );
  const again = await spacectl(['init', '--answers', path.join('pool', 'spacectl-answers.yaml'), '--json'], { cwd });
  const { changes } = JSON.parse(String(again.stdout));
  expect(changes.map(({ status }: { status: string }) => status)).not.toContain('change');
  expect(changes.map(({ status }: { status: string }) => status)).not.toContain('create');
});

withTmux('only what was not given is asked; a pasted token is kept 0600 and never shown', async () => {
  const cwd = await temporaryFolder();
  await spacectl(['keypair', 'generate', '--dir', cwd, '--bits', '2048']);
  const token = await makeToken({ key: path.join(cwd, 'spacelift.key') });
  const terminal = await wizard(cwd, '--offline', '--dir', '.', '--target', 'systemd');
  await terminal.waitFor("The pool's token");
  await terminal.enter(token);
  await terminal.waitFor('leave empty for none');
  expect((await terminal.screen()).replaceAll('\n', '')).not.toContain(token.slice(20, 60));
  await terminal.enter();
  await terminal.waitFor('Do it?');
  await terminal.enter('y');
  await terminal.waitFor('Save the answers');
  await terminal.enter('n');
  expect(await terminal.ended()).toBe(0);
  expect(await readFile(path.join(cwd, 'worker-pool.config'), 'utf8')).toBe(token);
  expect(await readdir(cwd)).not.toContain('spacectl-answers.yaml');
});

withTmux('saying no changes nothing', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--dir', 'pool', '--target', 'systemd');
  await terminal.waitFor("The pool's token");
  await terminal.enter();
  await terminal.waitFor('leave empty for none');
  await terminal.enter();
  await terminal.waitFor('Do it?');
  await terminal.enter('n');
  await terminal.waitFor('Nothing was changed');
  expect(await terminal.ended()).toBe(0);
  expect(await readdir(cwd)).not.toContain('pool');
});

withTmux('Ctrl-C at a prompt ends with 130 and changes nothing', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline');
  await terminal.waitFor('Where should the files');
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
  expect(await readdir(cwd)).not.toContain('spacelift.key');
});
