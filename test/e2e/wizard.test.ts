import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { TARGETS, type TargetName } from '../../src/render/index.ts';
import { PROGRAM } from '../services/program.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';

import { converse, EXAMPLE_CA, enterWrong, filesOnly, QUESTIONS, withTmux, wizard } from '../services/wizard.ts';

withTmux('Enter alone leads to a key pair and the files for a systemd host, in a directory of their own', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--bits', '2048');
  await converse(terminal, [
    ['folder', ''],
    ['goal', ''],
    ['ca', ''],
    ['review', ''],
  ]);
  expect(await terminal.ended()).toBe(0);
  const screen = await terminal.screen();
  // Without a key there can be no token: it is not asked for.
  expect(screen).not.toContain(QUESTIONS.token);
  expect(screen).toContain('Create the pool in Spacelift');
  const files = Object.keys(await snapshot(path.join(cwd, 'worker-pool')));
  // What a host gets grows: test/e2e/render-systemd.test.ts knows it all.
  expect(files).toContain('systemd/install.sh');
  expect(files.filter((name) => !name.startsWith('systemd/')).sort()).toEqual([
    '.gitignore',
    'spacectl.rendered.json',
    'spacectl.schema.json',
    'spacectl.yaml',
    'spacelift.csr',
    'spacelift.key',
  ]);
});

withTmux(
  'the wizard refuses a wrong answer at its prompt: a file for a folder, a file without a certificate',
  async () => {
    const cwd = await temporaryFolder();
    await writeFile(path.join(cwd, 'a-file'), '');
    await writeFile(path.join(cwd, 'page.pem'), '<!doctype html>');
    await mkdir(path.join(cwd, 'authorities'));
    await copyFile(EXAMPLE_CA, path.join(cwd, 'authorities/one.pem'));
    const second = ['-keyout', '/dev/null', '-out', path.join(cwd, 'authorities/two.crt'), '-subj', '/CN=Second Root'];
    const { execa } = await import('execa');
    await execa('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '400', ...second]);
    const terminal = await wizard(cwd, '--offline', '--bits', '2048');
    await terminal.waitFor(QUESTIONS.folder);
    await enterWrong(terminal, 'a-file', 'is not a directory');
    await terminal.enter('pool');
    await converse(terminal, [['goal', filesOnly('Down', 'Space')]]);
    await terminal.waitFor(QUESTIONS.ca);
    await enterWrong(terminal, 'nowhere.pem', 'no such file');
    await enterWrong(terminal, 'page.pem', 'is a web page');
    await terminal.enter('authorities/one.pem authorities/two.crt');
    await terminal.waitFor(QUESTIONS.review);
    // Nothing but the answers is written before the plan is agreed to.
    expect(await readdir(path.join(cwd, 'pool'))).toEqual(['spacectl.yaml']);
    await converse(terminal, [['review', '']]);
    expect(await terminal.ended()).toBe(0);
    // What was found in the files is told.
    expect(await terminal.screen()).toMatch(
      /CN=Example Company Root CA, valid until[\s\S]*CN=Second Root, valid until/,
    );
    const lock = JSON.parse(await readFile(path.join(cwd, 'pool/custom-ca-bundle.lock.json'), 'utf8'));
    expect(lock.added).toHaveLength(2);
    expect(await readdir(path.join(cwd, 'pool'))).toContain('cloud-init.yaml');
  },
);

withTmux('without a target the wizard makes the key pair alone', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--bits', '2048', '--dir', 'pool');
  await converse(terminal, [
    ['goal', filesOnly('Space')],
    ['ca', ''],
    ['review', ''],
  ]);
  expect(await terminal.ended()).toBe(0);
  expect(
    (await readdir(path.join(cwd, 'pool'))).filter((name) => !/^(?:\.gitignore|spacectl\.)/.test(name)).sort(),
  ).toEqual(['spacelift.csr', 'spacelift.key']);
});

withTmux.each(['Escape', 'q'])('%s leaves the review, and nothing but the answers is kept', async (key) => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--dir', 'pool', '--target', 'systemd');
  await converse(terminal, [
    ['ca', EXAMPLE_CA],
    ['review', [key]],
  ]);
  await terminal.waitFor('it has your answers. To go on:');
  expect(await terminal.ended()).toBe(0);
  expect(await readdir(path.join(cwd, 'pool'))).toEqual(['spacectl.yaml']);
});

/** The lines that a target adds to the review; a question mark: it stands out because nothing was decided. */
const OF_TARGET: Readonly<Record<TargetName, readonly string[]>> = {
  systemd: [],
  'cloud-init': ['cloud'],
  'terraform-aws': 'region? subnet? security-group? arch instance-type autoscaler max-size spot'.split(' '),
  'terraform-azure': 'autoscaler subnet-id? key-vault? admin-public-key? vm-size size'.split(' '),
  'terraform-gcp': 'project? region? network machine-type size'.split(' '),
  ecs: 'region? subnet? security-group? arch instance-type max-size strategy'.split(' '),
  ansible: ['host?', 'vault-password-file'],
  docker: [],
};

const targets = Object.keys(OF_TARGET) as readonly TargetName[];

withTmux.each(targets)(
  'for %s the wizard asks one question; everything else is a line of the review',
  async (target) => {
    const cwd = await temporaryFolder();
    const terminal = await wizard(cwd, '--offline', '--bits', '2048', '--dir', 'pool', '--target', target);
    await converse(terminal, [['ca', '']]);
    const screen = await terminal.waitFor(QUESTIONS.review);
    const section = screen.split('\nPlan\n')[0]?.split(`\n${TARGETS[target].name}\n`)[1] ?? '';
    const lines = [...section.matchAll(/^[ ❯] (.) (\S+) /gm)].map(
      ([, mark, label]) => `${label}${mark === '!' ? '?' : ''}`,
    );
    expect([...lines].sort()).toEqual([...OF_TARGET[target]].sort());
    await converse(terminal, [['review', '']]);
    expect(await terminal.ended()).toBe(0);
    expect(await readdir(path.join(cwd, 'pool'))).toContain(TARGETS[target].writes);
  },
);

withTmux('the wizard works in 40 columns, with NO_COLOR and with ~ for the home folder', async () => {
  const cwd = await temporaryFolder();
  await copyFile(EXAMPLE_CA, path.join(cwd, 'root.pem'));
  const terminal = await openTerminal([process.execPath, PROGRAM, 'init', '--offline', '--bits', '2048'], {
    cwd,
    env: { NO_COLOR: '1', HOME: cwd },
    columns: 40,
    rows: 24,
  });
  await terminal.waitFor(/Where should the files of this worker\s+pool go\?/);
  await terminal.enter('~/pool');
  await terminal.waitFor(/What do you want to have at the\s+end\?/);
  await terminal.enter();
  await terminal.waitFor(/Certificates of a private CA/);
  await terminal.enter('~/root.pem');
  await terminal.waitFor(QUESTIONS.review);
  await terminal.enter();
  expect(await terminal.ended()).toBe(0);
  expect(await readdir(path.join(cwd, 'pool'))).toContain('custom-ca-bundle.crt');
});

withTmux('with CI or --no-input no question is asked, also in a terminal', async () => {
  const cwd = await temporaryFolder();
  for (const [flags, env] of [
    [['--no-input'], {}],
    [[], { CI: 'true' }],
  ] as const) {
    const command = [process.execPath, PROGRAM, 'init', '--offline', '--bits', '2048', '--dir', 'pool', ...flags];
    const terminal = await openTerminal(command, { cwd, env });
    expect(await terminal.ended()).toBe(0);
    await rename(path.join(cwd, 'pool'), path.join(cwd, `pool-${flags.length}`));
  }
});
