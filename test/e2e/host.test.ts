import { chmod, cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { ENDPOINTS } from '../../src/host/endpoints.ts';
import { createAuthority } from '../services/authority.ts';
import { sha256, startDownloadHost } from '../services/download-host.ts';
import { type BootedHost, createHost, HOST_PROGRAMS } from '../services/host.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

const NAMES = ENDPOINTS.standard.map(({ host }) => host);

/** A launcher that stays up, unless its settings say otherwise. `word` makes its bytes its own. */
async function buildLauncher(word: string): Promise<Buffer> {
  const file = path.join(await temporaryFolder(), 'launcher');
  const source = `#include <stdlib.h>\n#include <unistd.h>\nconst char *word = "${word}";\nint main(void) { if (getenv("FAIL")) return word[0]; for (;;) pause(); }\n`;
  await execa('gcc', ['-static', '-O1', '-x', 'c', '-', '-o', file], { input: source });
  return readFile(file);
}

/** A pool's folder with key, token and bundle. */
async function makePool(dir: string, bundle: string): Promise<void> {
  await spacectl(['keypair', 'generate', '--dir', dir, '--bits', '2048']);
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(dir, 'spacelift.key') }));
  await writeFile(path.join(dir, 'custom-ca-bundle.crt'), bundle);
}

/** A host with this program on it, in a world where all of Spacelift's servers are under a test's own authority. */
async function setUp() {
  const tls = await createAuthority(NAMES);
  const base = (await createAuthority()).authority;
  const download = await startDownloadHost();
  const world = await temporaryFolder();
  const publish = async (bytes: Buffer) => {
    await download.publish(bytes);
    for (const [name, content] of download.files) {
      const file = path.join(world, name.startsWith('/vks') ? 'keys.openpgp.org' : 'downloads.spacelift.io', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  };
  const host = await createHost({ names: NAMES });
  const at = (file: string) => path.join(host.root, file);
  await mkdir(at('opt/spacectl'));
  for (const name of ['dist', 'templates', 'package.json', 'oclif.manifest.json']) {
    await cp(name, at(`opt/spacectl/${name}`), { recursive: true });
  }
  await cp(process.execPath, at('usr/local/bin/node'), { dereference: true });
  await mkdir(at('root/pool'));
  await makePool(at('root/pool'), `${base}${tls.authority}`);
  await writeFile(at('root/ca.pem'), tls.authority);
  await writeFile(at('root/base.pem'), base);
  // The host trusts the authority itself, and the unit is told which key signs here.
  await cp(at('root/ca.pem'), at('usr/local/share/ca-certificates/test.crt'));
  await execa('chroot', [host.root, 'update-ca-certificates']);
  const dropIn = at('etc/systemd/system/spacelift-launcher.service.d');
  await mkdir(dropIn, { recursive: true });
  await writeFile(
    path.join(dropIn, 'test.conf'),
    `[Service]\nEnvironment=SPACELIFT_LAUNCHER_FINGERPRINT=${download.fingerprint}\n`,
  );
  for (const name of ['certificate', 'key'] as const) await writeFile(path.join(world, name), tls[name]);
  const served = [world, path.join(world, 'certificate'), path.join(world, 'key')];
  host.serve(process.execPath, [path.resolve('test/services/serve-files.mjs'), ...served]);
  return { host, at, publish, fingerprint: download.fingerprint };
}

/** Runs the program on the host. */
function on(booted: BootedHost) {
  return (...args: readonly string[]) => booted.run('node', '/opt/spacectl/dist/run.js', ...args);
}

/** An image with a shell, OpenSSL and a trust store: what the doctor needs of a runner image. */
const IMPORT_RUNNER = `set -e
mkdir -p /tmp/image/bin /tmp/image/etc/ssl/certs
cp /bin/busybox /tmp/image/bin/
for name in sh cat sha256sum; do ln -sf busybox /tmp/image/bin/$name; done
for file in /usr/bin/openssl $(ldd /usr/bin/openssl | grep -o '/[^ ]*'); do
  mkdir -p "/tmp/image\${file%/*}" && cp -L "$file" "/tmp/image$file"
done
cp /root/base.pem /tmp/image/etc/ssl/certs/ca-certificates.crt
tar -C /tmp/image -c . | docker import --change 'ENV PATH=/usr/bin:/bin' - runner:test`;

const settings = ['--env', 'SPACELIFT_DEFAULT_RUNNER_IMAGE=runner:test', '--env', 'SPACELIFT_WORKER_NETWORK=host'];
const answers = ['--dir', '/root/pool', '--metadata', 'instance_id=i-1', ...settings];

testWith(...HOST_PROGRAMS, 'gpg', 'gcc')(
  'a host from an image: installed, looked at, changed, rolled back, updated, uninstalled',
  async () => {
    const { host, at, publish, fingerprint } = await setUp();
    const one = await buildLauncher('one');
    await publish(one);

    // Into the tree of an image, from here; the first boot starts it.
    const pool = answers.map((each) => each.replace('/root/pool', at('root/pool')));
    const image = await spacectl(['host', 'install', ...pool, '--root', host.root]);
    expect({ exitCode: image.exitCode, all: `${image.stdout}${image.stderr}` }).toMatchObject({ exitCode: 0 });
    expect((await stat(at('etc/spacelift/secrets.env'))).mode & 0o777).toBe(0o600);
    const booted = await host.boot();
    const run = on(booted);
    const show = async (property: string) =>
      (await booted.run('systemctl', 'show', 'spacelift-launcher', '--value', '-p', property)).stdout;
    expect((await booted.run('id', 'spacelift')).stdout).toMatch(/uid=1983.*docker/);
    await booted.run('systemctl', 'start', 'spacelift-launcher');
    expect(await show('ActiveState')).toBe('active');
    expect(sha256(await readFile(at('usr/local/bin/spacelift-launcher')))).toBe(sha256(one));

    // On the host itself nothing is left to do.
    const again = await run('host', 'install', ...answers, '--json');
    expect(again.exitCode).toBe(0);
    expect(new Set(JSON.parse(again.stdout).changes.map(({ status }: { status: string }) => status))).toEqual(
      new Set(['unchanged']),
    );
    const status = await run('host', 'status', ...answers, '--json');
    expect({ exitCode: status.exitCode, all: status.all }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(status.stdout)).toMatchObject({ isInstalled: true, isCompared: true, drift: [] });

    // The doctor, before and after there is a runner image.
    expect((await booted.run('sh', '-c', IMPORT_RUNNER)).exitCode).toBe(0);
    const doctor = async (...more: readonly string[]) => {
      const given = ['--download-ca', '/root/ca.pem', '--fingerprint', fingerprint, '--json'];
      const { exitCode, stdout } = await run('host', 'doctor', ...given, ...more);
      const { checks } = JSON.parse(stdout) as { checks: { id: string; findings: { status: string }[] }[] };
      const worst = (statuses: readonly string[]) =>
        ['bad', 'skipped', 'warning', 'good'].find((each) => statuses.includes(each)) ?? 'none';
      const found = checks.map(({ id, findings }) => [id, worst(findings.map((each) => each.status))]);
      return { exitCode, found: Object.fromEntries(found) as Record<string, string>, stdout };
    };
    const well = await doctor();
    const { engine, processors, disk, ...certain } = well.found;
    expect([engine, processors, disk]).not.toContain('bad');
    expect(certain, well.stdout).toEqual({
      memory: 'good',
      systemd: 'good',
      clock: 'good',
      namesake: 'good',
      'engine-socket': 'good',
      service: 'good',
      egress: 'good',
      'environment-files': 'good',
      'file-modes': 'good',
      secrets: 'good',
      metadata: 'good',
      launcher: 'good',
      'signing-key': 'good',
      'bundle-mounted': 'good',
      'bundle-current': 'good',
      'bundle-handshake': 'good',
    });
    expect(well.exitCode).toBe(0);

    // A setting the launcher does not live with is taken back, and the launcher runs as before.
    const before = await readFile(at('etc/spacelift/launcher.env'), 'utf8');
    const failed = await run('host', 'install', ...answers, '--env', 'FAIL=1', '--json');
    expect(failed.exitCode).toBe(69);
    expect(JSON.parse(failed.stdout).error.message).toContain('The files are as they were before');
    expect(await readFile(at('etc/spacelift/launcher.env'), 'utf8')).toBe(before);
    await booted.run('systemctl', 'start', 'spacelift-launcher');
    expect(await show('ActiveState')).toBe('active');

    // What differs is changed, and the service restarted for it.
    const process = await show('MainPID');
    const changed = await run('host', 'install', ...answers, '--metadata', 'zone=b', '--recycle', '--json');
    expect({ exitCode: changed.exitCode, all: changed.all }).toMatchObject({ exitCode: 0 });
    expect(await show('MainPID')).not.toBe(process);
    const timer = () => booted.run('systemctl', 'is-enabled', 'spacelift-recycle.timer');
    expect((await timer()).stdout).toBe('enabled');

    // What is no longer wanted goes again.
    const less = await run('host', 'install', ...answers);
    expect({ exitCode: less.exitCode, all: less.all }).toMatchObject({ exitCode: 0 });
    expect((await timer()).stdout).not.toBe('enabled');
    await expect(stat(at('etc/systemd/system/spacelift-recycle.timer'))).rejects.toThrow('ENOENT');

    // A run that was stopped between writing and restarting is finished by the next one.
    const file = at('etc/spacelift/launcher.env');
    const [earlier, interrupted] = [await show('MainPID'), await readFile(file)];
    await writeFile(file, interrupted);
    const finished = await run('host', 'install', ...answers);
    expect({ exitCode: finished.exitCode, all: finished.all }).toMatchObject({ exitCode: 0 });
    expect(await show('MainPID')).not.toBe(earlier);

    // A new launcher.
    const two = await buildLauncher('two');
    await publish(two);
    const source = ['--download-ca', '/root/ca.pem', '--fingerprint', fingerprint];
    const updated = await run('host', 'update', ...source);
    expect({ exitCode: updated.exitCode, all: updated.all }).toMatchObject({ exitCode: 0 });
    expect(sha256(await readFile(at('usr/local/bin/spacelift-launcher')))).toBe(sha256(two));
    expect((await run('host', 'update', ...source)).all).toContain('unchanged');

    // What somebody else did to it shows.
    await chmod(at('etc/spacelift/secrets.env'), 0o644);
    await writeFile(at('etc/spacelift/custom-ca-bundle.crt'), 'another bundle');
    const drifted = await run('host', 'status', '--json');
    expect(drifted.exitCode).toBe(10);
    expect(JSON.parse(drifted.stdout).drift).toEqual([
      { path: '/etc/spacelift/custom-ca-bundle.crt', drift: 'changed' },
      { path: '/etc/spacelift/secrets.env', drift: 'mode' },
    ]);
    const ill = await doctor();
    expect(ill.exitCode).toBe(10);
    expect(ill.found).toMatchObject({
      'file-modes': 'bad',
      'bundle-current': 'bad',
      'bundle-handshake': 'bad',
      secrets: 'good',
    });

    // What was installed goes, what is somebody else's stays.
    const gone = await run('host', 'uninstall');
    expect({ exitCode: gone.exitCode, all: gone.all }).toMatchObject({ exitCode: 0 });
    expect(gone.all).toContain('custom-ca-bundle.crt was changed since it was installed, and stays');
    const left = await booted.run(
      'sh',
      '-c',
      'find /etc/spacelift /etc/systemd/system/spacelift* /var/lib/spacectl -type f',
    );
    expect(left.stdout.split('\n').sort()).toEqual([
      '/etc/spacelift/custom-ca-bundle.crt',
      '/etc/spacelift/secrets.env',
      '/etc/systemd/system/spacelift-launcher.service.d/test.conf',
    ]);
    expect((await booted.run('id', 'spacelift')).exitCode).not.toBe(0);
    expect((await run('host', 'uninstall', '--purge')).all).toContain('secrets.env');
    await expect(stat(at('etc/spacelift/secrets.env'))).rejects.toThrow('ENOENT');
    await booted.powerOff();
  },
  500_000,
);
