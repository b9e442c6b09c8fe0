// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to Jinja and shells is what is tested
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ansible, playOn, sh } from '../services/ansible.ts';
import { renderRole } from '../services/ansible-role.ts';
import { fleetBlock } from '../services/fleet-page.ts';
import { createHost, HOST_NEEDS } from '../services/host.ts';
import { buildLauncher } from '../services/installed-host.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';

/** How every launcher talks to Spacelift, unless told otherwise. */
const POLLING = { SPACELIFT_WORKER_COMMS_PROTOCOL: 'poll', SPACELIFT_WORKER_COMMS_URL: 'https://app.spacelift.io' };

/** Values for the launcher that mean something to Jinja, to shells or to systemd. */
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

const NEEDS = [...HOST_NEEDS, 'ansible-playbook', 'openssl', 'gcc'] as const;

/** A booted host without a worker, and a role for it. What the service runs is a stand-in: downloads are tried elsewhere. */
async function bootHost() {
  const host = await createHost({ names: ['app.spacelift.io'] });
  host.serve(process.execPath, ['--eval', "require('node:net').createServer().listen(443, '127.0.0.1')"]);
  await writeFile(path.join(host.root, 'usr/local/bin/stand-in'), await buildLauncher('one'), { mode: 0o755 });
  const dropIn = path.join(host.root, 'etc/systemd/system/spacelift-launcher.service.d');
  await mkdir(dropIn, { recursive: true });
  await writeFile(
    path.join(dropIn, 'test.conf'),
    '[Service]\nExecStartPre=\nExecStart=\nExecStart=/usr/local/bin/stand-in\n',
  );
  const booted = await host.boot();
  const flags = Object.entries(VALUES).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const role = await renderRole(undefined, ...flags);
  const play = await playOn(host.root, booted, role.folder, role.password);
  const pid = async () => (await booted.run('systemctl', 'show', 'spacelift-launcher', '--property=MainPID')).stdout;
  return { root: host.root, at: (file: string) => path.join(host.root, file), dropIn, booted, role, play, pid };
}

/** Everything that the role may change: names, owners, modes, and of files sizes and times. */
async function stateOf(root: string): Promise<string> {
  const places = ['etc', 'usr/local', 'opt', 'var/log/spacelift', 'var/lib/spacectl', 'var/lib/spacelift-launcher'];
  const format = ['-type', 'd', '-printf', '%p %m %U\\n', '-o', '-printf', '%p %s %m %U %T@\\n'];
  const run = await execa('find', [...places, ...format], { cwd: root, reject: false });
  return run.stdout.split('\n').sort().join('\n');
}

testWith(...NEEDS)(
  'a check changes nothing, a run makes the host a worker, and a second run changes nothing',
  { timeout: 600_000 },
  async () => {
    const { root, at, booted, role, play, pid } = await bootHost();
    const { folder, token } = role;
    const fresh = await stateOf(root);
    const checked = await play('--check', '--diff');
    expect(checked.recap).toMatchObject({ failed: '0', unreachable: '0' });
    expect(Number(checked.recap['changed'])).toBeGreaterThan(2);
    expect(checked.stdout).not.toContain(token.slice(0, 40));
    expect(await stateOf(root)).toBe(fresh);

    const first = await play();
    expect(first.recap).toMatchObject({ failed: '0', unreachable: '0' });
    expect(first.stdout).not.toContain(token.slice(0, 40));
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

    const before = { pid: await pid(), state: await stateOf(root) };
    const second = await play();
    expect(second.recap).toMatchObject({ failed: '0', unreachable: '0', changed: '0' });
    expect({ pid: await pid(), state: await stateOf(root) }).toEqual(before);

    // What the installer would change, and the worker that it would restart.
    const plan = () => booted.run('sh', '/usr/local/lib/spacectl/install.sh', 'plan');
    expect(await plan()).toMatchObject({ exitCode: 0, all: '' });
    await booted.run('sh', '-c', 'echo A=b >>/usr/local/lib/spacectl/launcher.env; rm /etc/spacelift/secrets.env');
    const changed = await stateOf(root);
    const would = (file: string) => `install: would write /etc/spacelift/${file}\n`;
    expect(await plan()).toMatchObject({
      exitCode: 0,
      all: `${would('launcher.env')}${would('secrets.env')}install: would restart the worker of this host, tagged host=worker`,
    });
    expect(await stateOf(root)).toBe(changed);
    await booted.run('systemctl', 'stop', 'spacelift-launcher');
    expect((await plan()).all).not.toContain('would restart');
  },
);

// Minutes: `npm run hosts` runs it.
const wholeOnly = process.env['TEST_WHOLE'] ? testWith(...NEEDS) : test.skip;

wholeOnly(
  'a changed setting is rolled out as docs/fleet.md says: checked, then to drained canaries, then to the others',
  { timeout: 600_000 },
  async () => {
    const { root, at, dropIn, role, play, pid } = await bootHost();
    const { dir, folder, password, token } = role;
    const server = await startSpacelift();
    const pool = server.addPool();
    const worker = server.addWorker(pool, { metadata: JSON.stringify({ host: 'worker' }) });
    await play();
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
      const variables = { ...play.host, spacelift_worker_pool_id: pool.id };
      await writeFile(path.join(folder, `host_vars/${name}.yml`), JSON.stringify(variables));
    }
    const proxy = { SPACECTL_HTTPS_PROXY: 'http://user:hush@127.0.0.1:9' };
    const rendering = await sh(path.dirname(dir), await fleetBlock('Roll out', 0), proxy);
    expect(rendering).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('change') });
    expect(await readFile(path.join(folder, 'inventory.yml'), 'utf8')).toContain('worker-006');
    const rollOut = await sh(path.dirname(dir), await fleetBlock('Roll out', 2), server.environment);
    expect({ exitCode: rollOut.exitCode, all: rollOut.stdout }).toMatchObject({ exitCode: 0 });
    const recaps = [...rollOut.stdout.matchAll(/^(worker-\d+)\s+:.*changed=(\d+).*failed=0/gm)];
    expect(recaps.map(([, name, changed]) => [name, changed === '0'])).toEqual([
      ['worker-001', false],
      ['worker-001', false],
      ['worker-006', true],
    ]);
    expect(await pid()).not.toBe(before);
    // Before its launcher was restarted: nothing undrains it afterwards, since Spacelift forgets it.
    expect(worker.drained).toBe(true);
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
    const status = await spacectl(['host', 'status', '--root', root, '--json']);
    expect(JSON.parse(String(status.stdout))).toMatchObject({ isInstalled: true, drift: [] });
    const gone = await spacectl(['host', 'uninstall', '--root', root, '--purge']);
    expect({ exitCode: gone.exitCode, stderr: gone.stderr }).toMatchObject({ exitCode: 0 });
    const key = Buffer.from(await readFile(path.join(dir, 'spacelift.key')))
      .toString('base64')
      .slice(100, 140);
    const places = ['etc', 'usr/local', 'opt', 'var/lib/spacectl', 'var/lib/spacelift-launcher'].map(at);
    const holding = await execa('grep', ['-rl', key, ...places], { reject: false });
    expect(holding.stdout).toBe('');
  },
);
