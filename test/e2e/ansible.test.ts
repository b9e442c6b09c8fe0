// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to Jinja and shells is what is tested
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ansible, playOn, sh } from '../services/ansible.ts';
import { fleetBlock } from '../services/fleet-page.ts';
import { createHost, HOST_NEEDS } from '../services/host.ts';
import { buildLauncher } from '../services/installed-host.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

/** Values for the launcher that mean something to Jinja, to shells or to systemd. */
/** How every launcher talks to Spacelift, unless told otherwise. */
const POLLING = { SPACELIFT_WORKER_COMMS_PROTOCOL: 'poll', SPACELIFT_WORKER_COMMS_URL: 'https://app.spacelift.io' };

const VALUES = Object.fromEntries(
  fc
    .sample(
      fc.array(
        fc.constantFrom(
          '{{ 7*7 }}',
          '{{',
          '}}',
          '{%',
          '{#',
          '"',
          "'",
          '\\',
          '$',
          '${HOME}',
          '`id`',
          '%',
          ' ',
          '#',
          ';',
          'a',
          'é',
        ),
        { minLength: 1, maxLength: 8 },
      ),
      { numRuns: 60, seed: 9 },
    )
    .map((parts, index) => [`V${index}`, parts.join('')]),
);

const PASSWORD = 'correct horse battery staple';

/** A pool's folder with key and token, and its role. */
async function renderRole(...flags: readonly string[]) {
  const dir = path.join(await temporaryFolder(), 'my-pool');
  await putKeyPair(dir);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  await writeFile(path.join(dir, 'worker-pool.config'), token);
  const password = path.join(dir, '../vault-password');
  await writeFile(password, `${PASSWORD}\n`);
  const render = (...more: readonly string[]) => {
    const args = ['render', 'ansible', '--dir', dir, '--host', 'worker', '--vault-password-file', password];
    return spacectl([...args, ...flags, ...more]);
  };
  const run = await render();
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  const key = (await readFile(path.join(dir, 'spacelift.key'))).toString('base64');
  return { dir, folder: path.join(dir, 'ansible'), password, token, key, render };
}

testWith(
  'ansible-playbook',
  'ansible-vault',
  'openssl',
)('Ansible takes the playbook, and its vault opens with the password alone', async () => {
  const { folder, password, token, key, render } = await renderRole();
  const syntax = await ansible(
    'ansible-playbook',
    folder,
    '--syntax-check',
    '--vault-password-file',
    password,
    'site.yml',
  );
  expect({ exitCode: syntax.exitCode, stderr: syntax.stderr }).toEqual({ exitCode: 0, stderr: '' });
  const vault = 'group_vars/spacelift_workers/vault.yml';
  expect((await stat(path.join(folder, vault))).mode & 0o777).toBe(0o600);
  const view = await ansible('ansible-vault', folder, 'view', '--vault-password-file', password, vault);
  expect({ exitCode: view.exitCode, stderr: view.stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(view.stdout).toContain(`spacelift_token: "${token}"`);
  expect(view.stdout).toContain(`spacelift_pool_private_key: "${key}"`);
  const wrong = path.join(folder, '../wrong');
  await writeFile(wrong, 'something else');
  expect((await ansible('ansible-vault', folder, 'view', '--vault-password-file', wrong, vault)).exitCode).not.toBe(0);
  const again = JSON.parse(String((await render('--json')).stdout));
  expect(new Set(again.changes.map(({ status }: { status: string }) => status))).toEqual(new Set(['unchanged']));
  expect(JSON.stringify(again)).not.toContain(PASSWORD);
});

test('without a password the commands that encrypt are printed, and have no secret among their arguments', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  await putKeyPair(dir);
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(dir, 'spacelift.key') }));
  const run = await spacectl(['render', 'ansible', '--dir', dir, '--json']);
  const { next } = JSON.parse(String(run.stdout));
  const inventory = path.join(dir, 'ansible/inventory.yml');
  const named = (await readFile(inventory, 'utf8')).replace('worker-1.example.com', 'real-host-7.corp');
  await writeFile(inventory, named);
  expect((await spacectl(['render', 'ansible', '--dir', dir])).exitCode).toBe(0);
  expect(await readFile(inventory, 'utf8')).toBe(named);
  expect(named).toContain('real-host-7.corp');
  expect(JSON.stringify(next)).toContain('ansible-vault encrypt_string --stdin-name spacelift_token');
  expect(JSON.stringify(next)).toContain('inventory.yml');
});

test.each([
  ['a percentage of nothing', ['--serial', '0%'], '--serial'],
  ['a host that would break the inventory', ['--host', 'a: {b}'], '--host'],
  ['secrets that are to be encrypted on disk', ['--secrets', 'encrypted'], '--secrets encrypted'],
] as const)('%s is refused', async (_title, flags, message) => {
  const run = await spacectl(['render', 'ansible', '--dir', await temporaryFolder(), ...flags]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(message);
});

testWith(
  ...HOST_NEEDS,
  'ansible-playbook',
  'openssl',
  'gcc',
)(
  'a real run makes a host a worker, a changed setting is rolled out as docs/fleet.md says, and then nothing changes',
  { timeout: 600_000 },
  async () => {
    const host = await createHost({ names: ['app.spacelift.io'] });
    host.serve(process.execPath, ['--eval', "require('node:net').createServer().listen(443, '127.0.0.1')"]);
    // What the service runs, as a stand-in: downloads are tried elsewhere.
    await writeFile(path.join(host.root, 'usr/local/bin/stand-in'), await buildLauncher('one'), { mode: 0o755 });
    const dropIn = path.join(host.root, 'etc/systemd/system/spacelift-launcher.service.d');
    await mkdir(dropIn, { recursive: true });
    await writeFile(
      path.join(dropIn, 'test.conf'),
      '[Service]\nExecStartPre=\nExecStart=\nExecStart=/usr/local/bin/stand-in\n',
    );
    const booted = await host.boot();
    const flags = Object.entries(VALUES).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const { dir, folder, password, token } = await renderRole(...flags);
    const play = await playOn(host.root, booted, folder, password);
    const first = await play();
    expect(first.recap).toMatchObject({ failed: '0', unreachable: '0' });
    expect(first.stdout).not.toContain(token.slice(0, 40));
    const at = (file: string) => path.join(host.root, file);
    // Neither did Ansible evaluate a value, nor did systemd read another one than was given.
    const rendered = await readFile(path.join(folder, 'roles/spacelift_worker/files/launcher.env'), 'utf8');
    expect(await readFile(at('etc/spacelift/launcher.env'), 'utf8')).toBe(rendered);
    const service = 'cat /proc/$(systemctl show spacelift-launcher --property=MainPID --value)/environ';
    const environment = (await booted.run('sh', '-c', service)).stdout.split('\0');
    for (const [name, value] of Object.entries({ ...VALUES, ...POLLING })) {
      expect(environment).toContain(`${name}=${value}`);
    }
    expect(await readFile(at('etc/spacelift/secrets.env'), 'utf8')).toContain(`SPACELIFT_TOKEN=${token}\n`);
    expect((await stat(at('etc/spacelift/secrets.env'))).mode & 0o777).toBe(0o600);
    const check = await booted.run('spacelift-worker-check');
    expect({ exitCode: check.exitCode, ...JSON.parse(check.stdout) }).toMatchObject({ exitCode: 0, worker: true });
    const pid = async () => (await booted.run('systemctl', 'show', 'spacelift-launcher', '--property=MainPID')).stdout;
    const before = await pid();

    // What docs/fleet.md says, with two names for this host: a canary, and another one.
    const inventory = await fleetBlock('Roll out', 1);
    await writeFile(path.join(folder, 'inventory.yml'), inventory);
    const { stdout: listed } = await ansible('ansible-inventory', folder, '--list', '--vault-password-file', password);
    const { canary, others } = JSON.parse(listed);
    expect([canary.hosts[0], canary.hosts.length, others.hosts.length]).toEqual(['worker-001', 5, 495]);
    await writeFile(path.join(folder, 'inventory.yml'), inventory.replaceAll(/\[(\d+):\d+\]/g, '$1'));
    await mkdir(path.join(folder, 'host_vars'));
    for (const name of ['worker-001', 'worker-006']) {
      await writeFile(path.join(folder, `host_vars/${name}.yml`), JSON.stringify(play.host));
    }
    const proxy = { SPACECTL_HTTPS_PROXY: 'http://user:hush@127.0.0.1:9' };
    const rendering = await sh(path.dirname(dir), await fleetBlock('Roll out', 0), proxy);
    expect(rendering).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('change') });
    expect(await readFile(path.join(folder, 'inventory.yml'), 'utf8')).toContain('worker-006');
    const rollOut = await sh(path.dirname(dir), await fleetBlock('Roll out', 2));
    expect({ exitCode: rollOut.exitCode, all: rollOut.stdout }).toMatchObject({ exitCode: 0 });
    const recaps = [...rollOut.stdout.matchAll(/^(worker-\d+)\s+:.*changed=(\d+).*failed=0/gm)];
    expect(recaps.map(([, name, changed]) => [name, changed === '0'])).toEqual([
      ['worker-001', false],
      ['worker-001', false],
      ['worker-006', true],
    ]);
    expect(await pid()).not.toBe(before);
    // The check mode has shown the change, and no secret.
    expect(rollOut.stdout).toMatch(/^\+TimeoutStopSec="?4200/m);
    for (const secret of [token.slice(0, 40), 'hush']) expect(rollOut.stdout).not.toContain(secret);
    const logs = await sh(folder, await fleetBlock('Logs', 0));
    expect({ exitCode: logs.exitCode, all: logs.stdout }).toMatchObject({ exitCode: 0 });
    expect(logs.stdout).toContain('worker-001 | CHANGED');
    expect((await sh(folder, await fleetBlock('Alerts', 3))).stdout).toContain('"worker":true');

    // A runner image that cannot be pulled ends the roll-out soon, and says why.
    await writeFile(
      path.join(dropIn, 'test.conf'),
      '[Service]\nExecStartPre=\nExecStartPre=+/usr/local/sbin/spacelift-update-ca-bundle\nExecStart=\nExecStart=/usr/local/bin/stand-in\n',
    );
    await sh(
      path.dirname(dir),
      `spacectl ca-bundle build --offline --dir my-pool --ca ${path.resolve('docs/example-ca.pem')}`,
    );
    await sh(path.dirname(dir), await fleetBlock('Roll out', 0));
    const began = Date.now();
    const failed = await sh(path.dirname(dir), await fleetBlock('Roll out', 2));
    expect({ exitCode: failed.exitCode, all: failed.stdout }).toMatchObject({ exitCode: 2 });
    expect(failed.stdout).toContain('cannot use the image public.ecr.aws/spacelift/runner-terraform');
    expect(failed.stdout).not.toContain('worker-006');
    expect(Date.now() - began).toBeLessThan(180_000);

    // The host commands work on a host that the role made, and uninstall removes the role's copies too.
    const status = await spacectl(['host', 'status', '--root', host.root, '--json']);
    expect(JSON.parse(String(status.stdout))).toMatchObject({ isInstalled: true, drift: [] });
    const gone = await spacectl(['host', 'uninstall', '--root', host.root, '--purge']);
    expect({ exitCode: gone.exitCode, stderr: gone.stderr }).toMatchObject({ exitCode: 0 });
    const key = Buffer.from(await readFile(path.join(dir, 'spacelift.key')))
      .toString('base64')
      .slice(100, 140);
    const places = ['etc', 'usr/local', 'opt', 'var/lib/spacectl', 'var/lib/spacelift-launcher'].map(at);
    const holding = await execa('grep', ['-rl', key, ...places], { reject: false });
    expect(holding.stdout).toBe('');
  },
);
