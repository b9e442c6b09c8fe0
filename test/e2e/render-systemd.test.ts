import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatEnvironmentFile } from '../../src/render/format/environment-file.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** The variants of a host, each by the flags that make it. */
const VARIANTS: readonly (readonly [string, readonly string[]])[] = [
  ['as it is by default', []],
  ['built on the host, with files as logs', ['--ca-strategy', 'host', '--logs', 'files', '--mount-path', '/a/b.crt']],
  ['with credentials', ['--secrets', 'credentials', '--require-update', '--restart', 'on-failure', '--recycle']],
  ['with encrypted credentials', ['--secrets', 'encrypted', '--engine', 'rootless', '--trust-on-host']],
  ['fetched secrets', ['--secrets-from', 'gcp-secretmanager:projects/p/secrets/s', '--instance-metadata', 'gcp']],
  [
    'with a launcher of its own',
    ['--launcher-from', 's3://launchers/v1', '--launcher-sha256', 'a'.repeat(64), '--worker-comms', 'unset'],
  ],
  ['on podman', ['--engine', 'podman', '--provider-cache', '--stop-timeout', '4200']],
  ['behind a proxy', ['--https-proxy', 'http://u:p%40%22$x@proxy:3128', '--http-proxy', 'http://proxy:3128']],
];

let pool: string;

/** A bundle for all tests. */
beforeAll(async () => {
  pool = await mkdtemp(path.join(tmpdir(), 'spacectl-test-'));
  await spacectl(['ca-bundle', 'build', '--offline', '--dir', pool, '--ca', 'docs/example-ca.pem']);
});
afterAll(() => rm(pool, { recursive: true }));

/** Renders the folder that goes to a host. */
async function renderFolder(flags: readonly string[]): Promise<string> {
  const dir = await temporaryFolder();
  await cp(pool, dir, { recursive: true });
  const { exitCode, stderr } = await spacectl(['render', 'systemd', '--dir', dir, ...flags]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return path.join(dir, 'systemd');
}

/** Puts the rendered files below a root where systemd looks, with stand-ins for what they refer to on a real host. */
async function installBelow(folder: string): Promise<string> {
  const root = await temporaryFolder();
  await execa('sh', [path.join(folder, 'install.sh')], { env: { SPACELIFT_INSTALL_ROOT: root } });
  const standIn = path.join(root, 'program');
  await writeFile(standIn, '#!/bin/sh\n');
  await chmod(standIn, 0o755);
  const units = path.join(root, 'etc/systemd/system');
  for (const name of (await readdir(units)).filter((each) => each.startsWith('spacelift-'))) {
    const file = path.join(units, name);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(/\/usr\/(?:local\/s?bin\/spacelift-\S+|bin\/podman)/g, standIn));
  }
  for (const name of ['docker.service', 'user@1983.service']) {
    await writeFile(path.join(units, name), '[Service]\nExecStart=/bin/true\n');
  }
  return units;
}

testWith('systemd-analyze').each(VARIANTS)(
  'systemd verifies the units without a warning and rates their exposure 2.0 at most: %s',
  async (_name, flags) => {
    const units = await installBelow(await renderFolder(flags));
    const names = (await readdir(units)).filter((each) => each.startsWith('spacelift-'));
    const files = names.map((name) => path.join(units, name));
    const env = { SYSTEMD_UNIT_PATH: `${units}:` };
    const verify = await execa('systemd-analyze', ['verify', ...files], { all: true, reject: false, env });
    expect({ exitCode: verify.exitCode, all: verify.all }).toEqual({ exitCode: 0, all: '' });
    const unit = path.join(units, 'spacelift-launcher.service');
    const score = ['security', '--offline=true', '--threshold=20', '--no-pager', unit];
    expect(await execa('systemd-analyze', score, { reject: false })).toMatchObject({ exitCode: 0 });
  },
);

testWith('shellcheck').each(VARIANTS)('ShellCheck accepts the scripts that run on hosts: %s', async (_name, flags) => {
  const folder = await renderFolder(flags);
  const scripts: string[] = [];
  for (const name of await readdir(folder)) {
    if ((await readFile(path.join(folder, name), 'utf8')).startsWith('#!/bin/sh')) scripts.push(name);
  }
  expect(scripts).toContain('install.sh');
  await execa('shellcheck', scripts, { cwd: folder });
  for (const shell of [['dash'], ['bash', '--posix'], ['busybox', 'sh']]) {
    for (const script of scripts) await execa(shell[0] ?? '', [...shell.slice(1), '-n', script], { cwd: folder });
  }
});

test.each(VARIANTS)(
  'what systemd runs as root finds its programs whatever PATH the launcher has: %s',
  async (_name, flags) => {
    const folder = await renderFolder(flags);
    const unit = await readFile(path.join(folder, 'spacelift-launcher.service'), 'utf8');
    const scripts = [...unit.matchAll(/^ExecStartPre=\+\/usr\/local\/sbin\/(\S+)/gm)].map(([, name = '']) => name);
    expect(scripts.length).toBeGreaterThan(0);
    for (const name of scripts) {
      const text = await readFile(path.join(folder, name), 'utf8');
      expect({ name, text }).toMatchObject({
        text: expect.stringMatching(/^PATH=\$\{PATH:\+\$PATH:\}\/usr\/local\/sbin:/m),
      });
    }
  },
);

test('hardening can be turned off, and directives that the host does not know are left out', async () => {
  const unit = async (...flags: readonly string[]) =>
    readFile(path.join(await renderFolder(flags), 'spacelift-launcher.service'), 'utf8');
  expect(await unit('--hardening', 'off')).not.toMatch(/Protect|Restrict[A-Z]|SystemCall|NoNewPrivileges/);
  expect(await unit()).toContain('\nProtectProc=invisible\n');
  const old = await unit('--systemd-version', '239');
  expect(old).toContain('\nProtectSystem=strict\n');
  expect(old).not.toMatch(/ProtectProc|ProtectClock|ProtectKernelLogs|ProtectHostname|RestrictSUIDSGID/);
});

test.each([
  [['--secrets', 'credentials', '--systemd-version', '245'], 'needs systemd 247'],
  [['--secrets', 'encrypted', '--secrets-from', 'aws-ssm:/pool'], 'conflict'],
  [['--secrets-from', 'vault:x'], 'aws-secretsmanager'],
  [['--metadata', 'instance_id=null'], 'would become a tag'],
  [['--metadata', 'instance_id='], 'would become a tag'],
  [['--mount-path', '/a:b'], 'absolute path'],
  [['--https-proxy', 'proxy:3128'], 'http://HOST:PORT'],
  [['--stop-timeout', '1h'], 'number of seconds'],
  [['--launcher-from', 's3://launchers/v1'], 'Missing --launcher-sha256'],
  [['--launcher-from', 'https://example.com/l?X-Amz-Signature=hush', '--launcher-sha256', 'a'.repeat(64)], 'query'],
])('render systemd refuses %j and says why', async (flags, message) => {
  const dir = await temporaryFolder();
  const { exitCode, stderr } = await spacectl(['render', 'systemd', '--dir', dir, ...flags]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  expect(await readdir(dir)).toEqual([]);
});

test("mounts, proxies, tags and the provider cache end up in the launcher environment, joined with the user's own", async () => {
  const folder = await renderFolder([
    ...['--mount-path', '/etc/pki/tls/certs/ca-bundle.crt', '--provider-cache', '--metadata', 'team=blue green'],
    ...['--https-proxy', 'http://proxy:3128', '--no-proxy', '.corp.example', '--docker-socket', '/run/other.sock'],
    ...['--env', 'SPACELIFT_WORKER_EXTRA_MOUNTS=/a:/b', '--env', 'SPACELIFT_WHITELIST_ENVS=MINE', '--env', 'MINE=1'],
  ]);
  const { stdout } = await execa('sh', ['-c', `set -a; . ${folder}/launcher.env; env -0`], { extendEnv: false });
  const settings = Object.fromEntries(stdout.split('\0').map((line) => line.split(/=(.*)/s).slice(0, 2)));
  expect(settings).toMatchObject({
    SPACELIFT_WORKER_EXTRA_MOUNTS:
      '/etc/spacelift/custom-ca-bundle.crt:/etc/ssl/certs/ca-certificates.crt,/etc/spacelift/custom-ca-bundle.crt:/etc/pki/tls/certs/ca-bundle.crt,/opt/spacelift/provider-cache:/mnt/provider-cache,/a:/b',
    SPACELIFT_WHITELIST_ENVS: 'HTTPS_PROXY,NO_PROXY,https_proxy,no_proxy,TF_PLUGIN_CACHE_DIR,MINE',
    SPACELIFT_METADATA_team: 'blue green',
    HTTPS_PROXY: 'http://proxy:3128',
    no_proxy: 'localhost,127.0.0.1,::1,169.254.169.254,.corp.example',
    DOCKER_HOST: 'unix:///run/other.sock',
    MINE: '1',
  });
  // Docker of this host is not needed then.
  expect(await readFile(path.join(folder, 'install.sh'), 'utf8')).not.toContain('command -v dockerd');
});

test('install.sh puts every file in its place with its mode, and the second time finds nothing to do', async () => {
  const [dir, root] = [await temporaryFolder(), await temporaryFolder()];
  const config = path.join(dir, 'config.json');
  await writeFile(config, '{"auths":{}}');
  const folder = await renderFolder(['--docker-config', config]);
  await writeFile(path.join(folder, 'secrets.env'), 'secrets');
  const install = () => execa('sh', [path.join(folder, 'install.sh')], { env: { SPACELIFT_INSTALL_ROOT: root } });
  expect((await install()).stdout).toContain('wrote /etc/spacelift/secrets.env');
  expect((await install()).stdout).toBe('');
  const mode = async (file: string) => ((await stat(path.join(root, file))).mode & 0o777).toString(8);
  expect(await mode('etc/spacelift/secrets.env')).toBe('600');
  expect(await mode('etc/spacelift/launcher.env')).toBe('600');
  expect(await mode('etc/spacelift/custom-ca-bundle.crt')).toBe('644');
  expect(await mode('etc/spacelift/docker/config.json')).toBe('640');
  expect(await mode('usr/local/sbin/spacelift-update-launcher')).toBe('755');
  expect(await mode('etc/systemd/system/spacelift-launcher.service')).toBe('644');
});

test('no host gets an API key, and a weekly restart that may stop a run is warned of', async () => {
  const dir = await temporaryFolder();
  const key = {
    SPACELIFT_API_KEY_ENDPOINT: 'https://x.app.spacelift.io',
    SPACELIFT_API_KEY_ID: 'a-key',
    SPACELIFT_API_KEY_SECRET: 'hush-hush',
  };
  const render = async (target: string, ...flags: readonly string[]) => {
    const { exitCode, stdout } = await spacectl(['render', target, '--dir', dir, '--recycle', ...flags, '--json'], {
      env: key,
    });
    expect(exitCode).toBe(0);
    return JSON.parse(String(stdout)).warnings as readonly string[];
  };
  const warning = expect.stringContaining('--recycle stops a run that takes longer than 30 seconds');
  for (const target of ['systemd', 'cloud-init', 'ansible']) {
    expect(await render(target)).toContainEqual(warning);
    expect(await render(target, '--stop-timeout', '4200')).not.toContainEqual(warning);
  }
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = await readFile(path.join(entry.parentPath, entry.name), 'latin1');
    expect(text).not.toMatch(/hush-hush|a-key/);
  }
});

test('a shell reads an environment file back as it was meant, whatever is in the values', async () => {
  const value = fc.string({ unit: fc.constantFrom(...'abc =\'"\\$`%#;&|*~!é€\t') });
  const values = fc.sample(value, { numRuns: 200, seed: 7 });
  const variables = Object.fromEntries(values.map((each, index) => [`V${index}`, each]));
  const text = formatEnvironmentFile(variables);
  const print = values.map((_, index) => `printf '%s\\0' "$V${index}"`).join('\n');
  const { stdout } = await execa('sh', ['-s'], { input: `${text}\n${print}\n`, stripFinalNewline: false });
  expect(stdout.split('\0').slice(0, -1)).toEqual(values);
});

test.each(['a\nB=c', 'a\rb', 'a\0b'])('a value that an environment file cannot hold is refused: %j', (value) => {
  expect(() => formatEnvironmentFile({ NAME: value })).toThrow('NAME contains a line break or NUL');
});

test('secrets that hosts fetch are not installed from an older rendering, and both old files are named', async () => {
  const folder = await renderFolder([]);
  const dir = path.dirname(folder);
  await writeFile(path.join(folder, 'secrets.env'), '# Rendered by spacectl.\nSPACELIFT_TOKEN=dG9rZW4=\n');
  const root = await temporaryFolder();
  const install = () => execa('sh', [path.join(folder, 'install.sh')], { env: { SPACELIFT_INSTALL_ROOT: root } });
  await install();
  const source = ['--secrets-from', 'aws-secretsmanager:spacelift/pool'];
  const again = await spacectl(['render', 'systemd', '--dir', dir, ...source]);
  expect(again).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('secrets.env was left behind by an earlier run'),
  });
  expect((await install()).stderr).toContain('/etc/spacelift/secrets.env is no longer used');
  await rm(path.join(root, 'etc/spacelift/secrets.env'));
  await install();
  expect(await readdir(path.join(root, 'etc/spacelift'))).not.toContain('secrets.env');
});
