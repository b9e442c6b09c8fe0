import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { TARGETS, type TargetName } from '../../src/render/index.ts';
import { PROGRAM } from '../services/program.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';

import { converse, EXAMPLE_CA, enterWrong, QUESTIONS, withTmux, wizard } from '../services/wizard.ts';

withTmux('Enter alone leads to a key pair and the files for a systemd host, in a directory of their own', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--bits', '2048');
  await converse(terminal, [
    ['folder', ''],
    ['ca', ''],
    ['target', ''],
    ['agree', ''],
  ]);
  expect(await terminal.ended()).toBe(0);
  const screen = await terminal.screen();
  // Without a key there can be no token: it is not asked for.
  expect(screen).not.toContain(QUESTIONS.token);
  expect(screen).toContain('Create the pool in Spacelift');
  const files = Object.keys(await snapshot(path.join(cwd, 'worker-pool')));
  expect(files.sort()).toEqual([
    '.gitignore',
    'spacectl.rendered.json',
    'spacectl.schema.json',
    'spacectl.yaml',
    'spacelift.csr',
    'spacelift.key',
    'systemd/install.sh',
    'systemd/launcher.env',
    'systemd/spacelift-launcher.service',
    'systemd/spacelift-update-launcher',
    'systemd/spacelift-worker-check',
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
    await terminal.waitFor(QUESTIONS.ca);
    await enterWrong(terminal, 'nowhere.pem', 'no such file');
    await enterWrong(terminal, 'page.pem', 'is a web page');
    await terminal.enter('authorities');
    // What was found in the folder is told.
    await terminal.waitFor('CN=Example Company Root CA, valid until');
    await terminal.waitFor('CN=Second Root, valid until');
    await terminal.waitFor(QUESTIONS.moreCa);
    await terminal.enter('authorities/two.crt');
    // The same question, asked once more.
    await terminal.waitFor(/^✔ Another\?.*two\.crt[\s\S]*^\? Another\?/m);
    await converse(terminal, [
      ['moreCa', ''],
      ['target', ['Down', 'Space', 'Enter']],
      ['cloud', ''],
    ]);
    await terminal.waitFor('Planned changes');
    await terminal.waitFor(QUESTIONS.agree);
    // Nothing but the answers is written before the plan is agreed to.
    expect(await readdir(path.join(cwd, 'pool'))).toEqual(['spacectl.yaml']);
    await converse(terminal, [['agree', 'y']]);
    expect(await terminal.ended()).toBe(0);
    const lock = JSON.parse(await readFile(path.join(cwd, 'pool/custom-ca-bundle.lock.json'), 'utf8'));
    expect(lock.added).toHaveLength(2);
    expect(await readdir(path.join(cwd, 'pool'))).toContain('cloud-init.yaml');
  },
);

withTmux('without a target the wizard makes the key pair alone', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--bits', '2048', '--dir', 'pool');
  await converse(terminal, [
    ['ca', ''],
    ['target', ['Space', 'Enter']],
    ['agree', 'y'],
  ]);
  expect(await terminal.ended()).toBe(0);
  expect(
    (await readdir(path.join(cwd, 'pool'))).filter((name) => !/^(?:\.gitignore|spacectl\.)/.test(name)).sort(),
  ).toEqual(['spacelift.csr', 'spacelift.key']);
});

withTmux('answering no to the plan changes nothing', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--dir', 'pool', '--target', 'systemd');
  await converse(terminal, [
    ['ca', ''],
    ['agree', 'n'],
  ]);
  await terminal.waitFor('Cancelled. Nothing was changed.');
  expect(await terminal.ended()).toBe(0);
  expect(await readdir(cwd)).not.toContain('pool');
});

/** What a target asks beyond what every target does. */
const OF_TARGET: Readonly<Record<TargetName, readonly string[]>> = {
  systemd: [],
  'cloud-init': ['Which cloud will read'],
  'terraform-aws': `Name of the new worker pool|Region|Subnet for|Security group|Which architecture
    |Which instance type|Add Spacelift's autoscaler|Maximum number of workers|Use spot instances`.split(/\s*\|/),
  'terraform-azure': `Name of the new worker pool|Resource group|ID of the subnet|Key Vault
    |OpenSSH public key|Which VM size|Add Spacelift's autoscaler|How many workers`.split(/\s*\|/),
  'terraform-gcp': `Name of the new worker pool|Google Cloud project|Region|Which network
    |Which machine type|How many workers`.split(/\s*\|/),
  ecs: `Name of the new worker pool|How should ECS spread|Region|Subnet for|Security group
    |Which architecture|Which instance type|Maximum number of workers`.split(/\s*\|/),
  ansible: ['Host to turn into a worker', 'Password for the Ansible vault'],
  docker: [],
};

const targets = Object.keys(OF_TARGET) as readonly TargetName[];

withTmux.each(targets)('for %s the wizard asks what it needs and nothing else', async (target) => {
  const all = OF_TARGET[target];
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--bits', '2048', '--dir', 'pool', '--target', target);
  await converse(terminal, [['ca', '']]);
  for (let left = all; left.length > 0; ) {
    // The question that waits for an answer has another mark than those that have theirs.
    const screen = await terminal.waitFor(new RegExp(`^\\? (?:${left.join('|')})`, 'm'));
    left = left.filter((question) => !screen.includes(`? ${question}`));
    await terminal.enter();
  }
  await converse(terminal, [['agree', '']]);
  expect(await terminal.ended()).toBe(0);
  // An answered question keeps its mark, and so does what was done.
  const asked = (await terminal.screen()).match(/^✔ (?!Prepare|Write)/gm) ?? [];
  expect(asked).toHaveLength(all.length + 2);
  expect(await readdir(path.join(cwd, 'pool'))).toContain(TARGETS[target].writes);
});

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
  await terminal.waitFor(/leave empty for\s+none/);
  await terminal.enter('~/root.pem');
  await terminal.waitFor(/leave empty to\s+continue/);
  await terminal.enter();
  await terminal.waitFor(/What do you want to render\?/);
  await terminal.enter();
  await terminal.waitFor('Apply these changes?');
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
