import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { TARGETS, type TargetName } from '../../src/render/index.ts';
import { buildImage, file, pushImage } from '../services/image.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startRegistry } from '../services/registry.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal, type Terminal } from '../services/terminal.ts';
import { makeToken } from '../services/token.ts';

const EXAMPLE_CA = path.resolve('docs/example-ca.pem');
const withTmux = testWith('tmux', 'openssl');

const wizard = (cwd: string, ...flags: readonly string[]) =>
  openTerminal([process.execPath, PROGRAM, 'init', ...flags], { cwd });

/** What the wizard asks, as far as tests need it. */
const QUESTIONS = {
  folder: 'Where should the files of this worker pool go?',
  token: "The pool's token",
  ca: 'leave empty for none',
  moreCa: 'leave empty to continue',
  image: 'Which runner image do the workers use?',
  target: 'What do you want to render?',
  cloud: 'Which cloud will read',
  comms: 'URL of Spacelift that workers poll',
  embed: 'Put the token and the private key into the document?',
  agree: 'Apply these changes?',
  save: 'Save the answers',
} as const;

/** Answers questions in the order they come; an array is keys, by tmux's names. */
async function converse(
  terminal: Terminal,
  answers: readonly (readonly [keyof typeof QUESTIONS, string | readonly string[]])[],
): Promise<void> {
  for (const [question, answer] of answers) {
    await terminal.waitFor(QUESTIONS[question]);
    if (typeof answer === 'string') await terminal.enter(answer);
    else await terminal.press(...answer);
  }
}

/** Enters something wrong, waits until the prompt says so, and clears the line. */
async function enterWrong(terminal: Terminal, text: string, complaint: string): Promise<void> {
  // What was typed is on the screen at once; keys pressed before the complaint are lost.
  expect(text).not.toContain(complaint);
  await terminal.enter(text);
  await terminal.waitFor(complaint);
  await terminal.press('C-u');
}

async function poolWithKey(cwd: string, pair?: 'strange'): Promise<string> {
  const dir = path.join(cwd, pair ?? 'pool');
  await putKeyPair(dir, pair);
  return dir;
}

withTmux(
  'Enter alone goes the whole way: a key pair and the files for a systemd host, in a directory of their own',
  async () => {
    const cwd = await temporaryFolder();
    const terminal = await wizard(cwd, '--offline', '--bits', '2048');
    await converse(terminal, [
      ['folder', ''],
      ['ca', ''],
      ['target', ''],
      ['agree', ''],
      ['save', ''],
    ]);
    expect(await terminal.ended()).toBe(0);
    const screen = await terminal.screen();
    // Without a key there can be no token: it is not asked for.
    expect(screen).not.toContain(QUESTIONS.token);
    expect(screen).toContain('Create the pool in Spacelift');
    expect(screen).toContain('spacectl init --answers worker-pool/spacectl-answers.yaml');
    const files = Object.keys(await snapshot(path.join(cwd, 'worker-pool')));
    expect(files.sort()).toEqual([
      'spacectl-answers.yaml',
      'spacelift.csr',
      'spacelift.key',
      'systemd/install.sh',
      'systemd/launcher.env',
      'systemd/spacelift-launcher.service',
      'systemd/spacelift-update-launcher',
    ]);
  },
);

withTmux('wrong answers are refused where they are given: a file for a folder, what is no certificate', async () => {
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
  // Nothing is written before the plan is agreed to.
  expect(await readdir(cwd)).not.toContain('pool');
  await converse(terminal, [
    ['agree', 'y'],
    ['save', 'n'],
  ]);
  expect(await terminal.ended()).toBe(0);
  const lock = JSON.parse(await readFile(path.join(cwd, 'pool/custom-ca-bundle.lock.json'), 'utf8'));
  expect(lock.added).toHaveLength(2);
  expect(await readdir(path.join(cwd, 'pool'))).toContain('cloud-init.yaml');
  expect(await readdir(path.join(cwd, 'pool'))).not.toContain('spacectl-answers.yaml');
});

withTmux('a token: damaged and of another key refused with what to do, then its file taken and embedded', async () => {
  const cwd = await temporaryFolder();
  const [dir, other] = [await poolWithKey(cwd), await poolWithKey(cwd, 'strange')];
  const [own, strange] = [path.join(cwd, 'own.config'), path.join(cwd, 'strange.config')];
  await writeFile(own, await makeToken({ key: path.join(dir, 'spacelift.key') }));
  await writeFile(strange, await makeToken({ key: path.join(other, 'spacelift.key') }));
  const terminal = await wizard(cwd, '--offline');
  await converse(terminal, [['folder', 'pool']]);
  await terminal.waitFor(QUESTIONS.token);
  await enterWrong(terminal, 'hush-not-a-token', 'This is not a worker pool token');
  expect(await terminal.screen()).not.toContain('hush');
  await terminal.enter('strange.config');
  await terminal.waitFor('was not made for the key');
  await terminal.waitFor('Copy the key that the pool was created with');
  await terminal.press('C-u');
  await terminal.enter('own.config');
  await terminal.waitFor('made for this key, broker worker-iot.spacelift.io');
  await converse(terminal, [
    ['ca', ''],
    ['target', ['Space', 'Down', 'Space', 'Enter']],
    ['cloud', ['Down', 'Enter']],
    ['embed', 'y'],
    ['agree', ''],
    ['save', ''],
  ]);
  expect(await terminal.ended()).toBe(0);
  const files = await snapshot(dir);
  expect(files['worker-pool.config']).toMatch(/^600 /);
  expect(files['cloud-init.yaml']).toMatch(/^600 /);
  expect(Object.keys(files).filter((name) => name.startsWith('systemd'))).toEqual([]);
  const document = parse(await readFile(path.join(dir, 'cloud-init.yaml'), 'utf8'));
  expect(JSON.stringify(document)).toContain('secrets.env');
  expect(parse(await readFile(path.join(dir, 'spacectl-answers.yaml'), 'utf8'))).toEqual({
    dir: 'pool',
    offline: true,
    ca: [],
    target: ['cloud-init'],
    'cloud-init-cloud': 'ec2',
    'embed-secrets': true,
  });
});

withTmux('a pasted token is kept 0600 and never shown; the next run says that it is there', async () => {
  const cwd = await temporaryFolder();
  const dir = await poolWithKey(cwd);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  const flags = ['--offline', '--dir', 'pool', '--target', 'cloud-init', '--cloud', 'plain'];
  const terminal = await wizard(cwd, ...flags);
  await converse(terminal, [
    ['token', token],
    ['ca', ''],
    ['embed', 'n'],
    ['agree', 'y'],
    ['save', 'n'],
  ]);
  expect(await terminal.ended()).toBe(0);
  expect((await terminal.screen()).replaceAll('\n', '')).not.toContain(token.slice(20, 60));
  expect(await readFile(path.join(dir, 'worker-pool.config'), 'utf8')).toBe(token);
  const before = await snapshot(dir);
  expect(before).toMatchObject({
    'cloud-init.yaml': expect.stringMatching(/^644 /),
    'secrets.env': expect.stringMatching(/^600 /),
    'worker-pool.config': expect.stringMatching(/^600 /),
  });

  const again = await wizard(cwd, ...flags);
  await again.waitFor('pool/worker-pool.config already exists');
  await converse(again, [
    ['token', ''],
    ['ca', ''],
    ['embed', 'n'],
  ]);
  await again.waitFor('Nothing to do: everything is up to date.');
  expect(await again.ended()).toBe(0);
  expect(await again.screen()).not.toContain(QUESTIONS.agree);
  expect(await snapshot(dir)).toEqual(before);
});

testWith('tmux', 'docker-registry')(
  "the runner image's bundle from a registry; unreachable at first, the answers are saved and used again",
  async () => {
    const cwd = await temporaryFolder();
    const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt');
    const layers = [[file('etc/ssl/certs/ca-certificates.crt', bundle)]];
    const image = buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers });
    const registry = await startRegistry();
    const flags = ['--bits', '2048', '--dir', 'pool', '--pool', 'token', '--target', 'systemd'];
    const terminal = await wizard(cwd, ...flags);
    await terminal.waitFor(QUESTIONS.ca);
    await converse(terminal, [
      ['ca', EXAMPLE_CA],
      ['moreCa', ''],
    ]);
    await terminal.waitFor(QUESTIONS.image);
    await enterWrong(terminal, 'Not A Reference', 'is not an image reference');
    // The image is not there yet.
    await terminal.enter(`${registry.host}/runner:v1`);
    await terminal.waitFor('Nothing was changed.');
    await converse(terminal, [['save', 'y']]);
    expect(await terminal.ended()).not.toBe(0);
    expect(await readdir(path.join(cwd, 'pool'))).toEqual(['spacectl-answers.yaml']);

    await pushImage(registry.url, 'runner', 'v1', image);
    const answers = ['init', '--answers', 'pool/spacectl-answers.yaml', '--json'];
    const run = await spacectl(answers, { cwd });
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    const built = await readFile(path.join(cwd, 'pool/custom-ca-bundle.crt'));
    expect(built.subarray(0, bundle.length)).toEqual(bundle);
    expect(built.length).toBeGreaterThan(bundle.length);
    expect(await readFile(path.join(cwd, 'pool/systemd/custom-ca-bundle.crt'))).toEqual(built);
  },
);

withTmux('the saved answers, without a terminal, give the same bytes', async () => {
  const cwd = await temporaryFolder();
  const dir = await poolWithKey(cwd);
  const terminal = await wizard(cwd, '--offline', '--env', 'SPACELIFT_DEBUG=true', '--env', 'PROXY=a "b" $c');
  await converse(terminal, [
    ['folder', 'pool'],
    ['token', ''],
    ['ca', EXAMPLE_CA],
    ['moreCa', ''],
    ['target', ['Down', 'Space', 'Enter']],
    ['cloud', ['Down', 'Down', 'Down', 'Enter']],
    ['agree', ''],
    ['save', ''],
  ]);
  expect(await terminal.ended()).toBe(0);
  const made = await snapshot(dir);
  // Everything but the pair and the answers is made again, from the answers alone.
  const kept = ['spacelift.key', 'spacelift.csr', 'spacectl-answers.yaml'];
  for (const name of await readdir(dir)) if (!kept.includes(name)) await rm(path.join(dir, name), { recursive: true });
  const again = await spacectl(['init', '--answers', 'pool/spacectl-answers.yaml', '--json'], { cwd });
  expect(again.exitCode).toBe(0);
  expect(await snapshot(dir)).toEqual(made);
});

withTmux('no target: the key pair alone, and no answers file where none is wanted', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--bits', '2048', '--dir', 'pool');
  await converse(terminal, [
    ['ca', ''],
    ['target', ['Space', 'Enter']],
    ['agree', 'y'],
    ['save', 'n'],
  ]);
  expect(await terminal.ended()).toBe(0);
  expect((await readdir(path.join(cwd, 'pool'))).sort()).toEqual(['spacelift.csr', 'spacelift.key']);
});

withTmux('saying no changes nothing', async () => {
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

withTmux.each(targets)('%s: the wizard asks what it needs and nothing else', async (target) => {
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
  await converse(terminal, [
    ['agree', ''],
    ['save', 'n'],
  ]);
  expect(await terminal.ended()).toBe(0);
  // An answered question keeps its mark, and so does what was done.
  const asked = (await terminal.screen()).match(/^✔ (?!Prepare|Write)/gm) ?? [];
  expect(asked).toHaveLength(all.length + 3);
  expect(await readdir(path.join(cwd, 'pool'))).toContain(TARGETS[target].writes);
});

const PROMPTS = ['folder', 'ca', 'target', 'cloud', 'agree', 'save'] as const;

withTmux.each(PROMPTS)('Ctrl-C at the prompt "%s" ends with 130 and changes nothing', async (stop) => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline');
  for (const prompt of PROMPTS.slice(0, PROMPTS.indexOf(stop))) {
    await converse(terminal, [
      [prompt, prompt === 'target' ? ['Down', 'Space', 'Enter'] : prompt === 'folder' ? 'pool' : ''],
    ]);
  }
  await terminal.waitFor(QUESTIONS[stop]);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
  expect(await readdir(cwd)).not.toContain('pool');
});

withTmux('Ctrl-C while tasks run ends with 130, leaves nothing half done, and the next run finishes', async () => {
  const cwd = await temporaryFolder();
  const flags = ['--offline', '--dir', 'pool', '--target', 'systemd'];
  // A key of this size takes many seconds.
  const terminal = await wizard(cwd, ...flags, '--bits', '16384');
  await converse(terminal, [
    ['ca', ''],
    ['agree', ''],
    ['save', 'n'],
  ]);
  await terminal.waitFor('Write the key pair');
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
  expect(await readdir(cwd)).not.toContain('pool');
  const again = await wizard(cwd, ...flags, '--bits', '2048');
  await converse(again, [
    ['ca', ''],
    ['agree', ''],
    ['save', 'n'],
  ]);
  expect(await again.ended()).toBe(0);
  expect((await stat(path.join(cwd, 'pool/spacelift.key'))).mode & 0o777).toBe(0o600);
});

withTmux('a terminal of 40 columns is no obstacle, NO_COLOR is heeded, and ~ is the home folder', async () => {
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
  await terminal.waitFor('Save the answers');
  await terminal.enter();
  expect(await terminal.ended()).toBe(0);
  expect(await readdir(path.join(cwd, 'pool'))).toContain('custom-ca-bundle.crt');
});

withTmux('where CI is set, or input is not wanted, a terminal changes nothing: no question is asked', async () => {
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

withTmux('with a FedRAMP token it asks which server workers poll, and takes no empty answer', async () => {
  const cwd = await temporaryFolder();
  const dir = await poolWithKey(cwd);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key'), endpoint: 'worker-iot.fedramp.spacelift.io' });
  await writeFile(path.join(dir, 'worker-pool.config'), token);
  const terminal = await wizard(cwd, '--offline', '--ca', EXAMPLE_CA);
  await converse(terminal, [
    ['folder', 'pool'],
    ['token', ''],
    ['target', ['Enter']],
  ]);
  await terminal.waitFor(QUESTIONS.comms);
  await enterWrong(terminal, '', 'Missing --worker-comms-url');
  await enterWrong(terminal, 'http://spacelift.example.gov', 'Pass only the scheme and the host');
  await converse(terminal, [
    ['comms', 'https://spacelift.example.gov/'],
    ['agree', 'y'],
    ['save', 'y'],
  ]);
  expect(await terminal.ended()).toBe(0);
  expect(await readFile(path.join(dir, 'systemd/launcher.env'), 'utf8')).toContain(
    'SPACELIFT_WORKER_COMMS_URL=https://spacelift.example.gov\n',
  );
  expect(parse(await readFile(path.join(dir, 'spacectl-answers.yaml'), 'utf8'))).toMatchObject({
    'worker-comms-url': 'https://spacelift.example.gov/',
  });
});
