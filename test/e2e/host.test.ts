import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { expectDocumented } from '../services/documented.ts';
import { sha256 } from '../services/download-host.ts';
import { HOST_NEEDS } from '../services/host.ts';
import { buildLauncher, IMPORT_RUNNER, killedOn, on, setUpHost } from '../services/installed-host.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { pretendSelinux } from '../services/selinux.ts';

const settings = ['--env', 'SPACELIFT_DEFAULT_RUNNER_IMAGE=runner:test', '--env', 'SPACELIFT_WORKER_NETWORK=host'];
const answers = ['--dir', '/root/pool', '--metadata', 'instance_id=i-1', ...settings];

testWith(...HOST_NEEDS, 'gpg', 'gcc')(
  'a booted host is installed, inspected, changed, rolled back, updated and uninstalled without a trace',
  async () => {
    const { host, at, publish, fingerprint, company } = await setUpHost();
    const one = await buildLauncher('one');
    await publish(one);

    // Into the tree of an image, from here; the first boot starts it.
    const pool = answers.map((each) => each.replace('/root/pool', at('root/pool')));
    const image = await spacectl(['host', 'install', ...pool, '--root', host.root]);
    expect({ exitCode: image.exitCode, all: `${image.stdout}${image.stderr}` }).toMatchObject({ exitCode: 0 });
    expect((await stat(at('etc/spacelift/secrets.env'))).mode & 0o777).toBe(0o600);
    const labels = await pretendSelinux(host.root);
    const booted = await host.boot();
    const run = on(booted);
    const show = async (property: string) =>
      (await booted.run('systemctl', 'show', 'spacelift-launcher', '--value', '-p', property)).stdout;
    expect((await booted.run('id', 'spacelift')).stdout).toMatch(/uid=1983.*docker/);
    await booted.run('systemctl', 'start', 'spacelift-launcher');
    expect(await show('ActiveState')).toBe('active');
    expect(await labels()).toEqual(['-t container_file_t /etc/spacelift/custom-ca-bundle.crt']);
    expect(sha256(await readFile(at('usr/local/bin/spacelift-launcher')))).toBe(sha256(one));

    // On the host itself nothing is left to do.
    const again = await run('host', 'install', ...answers, '--json');
    expect(again.exitCode).toBe(0);
    expectDocumented('host install', again.stdout);
    expect(new Set(JSON.parse(again.stdout).changes.map(({ status }: { status: string }) => status))).toEqual(
      new Set(['unchanged']),
    );
    const status = await run('host', 'status', ...answers, '--json');
    expect(status.exitCode, status.all).toBe(0);
    expectDocumented('host status', status.stdout);
    expect(JSON.parse(status.stdout)).toMatchObject({
      isInstalled: true,
      isCompared: true,
      drift: [],
      worker: { worker: true, connected: true, comms: 'app.spacelift.io:443', faults: [] },
    });

    expect((await booted.run('sh', '-c', IMPORT_RUNNER)).exitCode).toBe(0);

    // A setting the launcher does not live with is taken back, also where the run that wrote it was killed before it could
    // tell, and only the next one finds out.
    const before = await readFile(at('etc/spacelift/launcher.env'), 'utf8');
    const ill = ['host', 'install', ...answers, '--env', 'FAIL=1', '--recycle'] as const;
    await killedOn(booted, 'systemctl restart')(...ill);
    expect(await readFile(at('etc/spacelift/launcher.env'), 'utf8')).not.toBe(before);
    expect((await run('host', 'status')).all).toContain('Unfinished: an installation was interrupted');
    const failed = await run(...ill, '--json');
    expect(failed.exitCode).toBe(69);
    expect(JSON.parse(failed.stdout).error.message).toContain('The previous files were restored');
    expect(await readFile(at('etc/spacelift/launcher.env'), 'utf8')).toBe(before);
    await expect(stat(at('etc/systemd/system/spacelift-recycle.timer'))).rejects.toThrow('ENOENT');
    expect((await booted.run('systemctl', 'is-active', 'spacelift-recycle.timer')).stdout).toBe('inactive');
    await booted.run('systemctl', 'start', 'spacelift-launcher');
    expect(await show('ActiveState')).toBe('active');

    // What differs is changed, and the service restarted for it; also where a run was killed before the installer.
    const process = await show('MainPID');
    const wanted = ['--metadata', 'zone=b', '--recycle'];
    await killedOn(booted, 'sh /run/spacectl-install')('host', 'install', ...answers, ...wanted);
    expect(await show('MainPID')).toBe(process);
    const changed = await run('host', 'install', ...answers, ...wanted, '--json');
    expect(changed.exitCode, changed.all).toBe(0);
    expect(await show('MainPID')).not.toBe(process);
    const timer = () => booted.run('systemctl', 'is-enabled', 'spacelift-recycle.timer');
    expect((await timer()).stdout).toBe('enabled');

    // A new launcher.
    const two = await buildLauncher('two');
    await publish(two);
    const source = ['--download-ca', '/root/ca.pem', '--fingerprint', fingerprint];
    const updated = await run('host', 'update', ...source);
    expect(updated.exitCode, updated.all).toBe(0);
    expect(sha256(await readFile(at('usr/local/bin/spacelift-launcher')))).toBe(sha256(two));
    expect((await run('host', 'update', ...source)).all).toContain('unchanged');
    // One of one's own is not what the service takes at its next start: that is said.
    await writeFile(at('root/one'), one);
    const own = ['--from', '/root/one', '--sha256', sha256(one)];
    expect((await run('host', 'update', ...own, '--dry-run')).all).toContain("installs Spacelift's own again");

    // What somebody else did to it shows.
    await chmod(at('etc/spacelift/secrets.env'), 0o644);
    await writeFile(at('etc/spacelift/custom-ca-bundle.crt'), 'another bundle');
    const drifted = await run('host', 'status', '--json');
    expect(drifted.exitCode).toBe(10);
    expect(JSON.parse(drifted.stdout).drift).toEqual([
      { path: '/etc/spacelift/custom-ca-bundle.crt', drift: 'changed' },
      { path: '/etc/spacelift/secrets.env', drift: 'mode' },
    ]);
    await booted.run('systemctl', 'stop', 'spacelift-launcher');
    const stopped = await run('host', 'status');
    expect(stopped).toMatchObject({ exitCode: 10, all: expect.stringContaining('service-not-active: the service is') });
    await booted.run('rm', '/etc/spacelift/custom-ca-bundle.crt');
    await writeFile(at('etc/spacelift/launcher.env'), `${before}SPACELIFT_WORKER_COMMS_PROTOCOL=mqtt\n`);
    await writeFile(at('usr/local/bin/spacelift-launcher'), '<html>Sign in</html>');

    // An installation mends what it knows of, and what it is stopped at; here with secrets that only this machine can
    // read, with a bundle that is built here, with a host that trusts the company's certificates itself, and with a
    // launcher that is pinned.
    await booted.run('rm', '/usr/local/bin/spacelift-launcher');
    const pinned = ['--launcher-from', '/root/one', '--launcher-sha256', sha256(one)];
    const silent = ['--secrets', 'encrypted', '--trust-on-host', '--ca-strategy', 'host', ...pinned];
    const sealed = [...silent, '--worker-comms-url', 'https://spacelift.example.com'];
    await killedOn(booted, 'systemctl start')('host', 'install', ...answers, ...sealed);
    expect((await stat(at('etc/spacelift/secrets.env.cred'))).mode & 0o777).toBe(0o600);
    const mended = await run('host', 'install', ...answers, ...sealed);
    expect(mended.exitCode, mended.all).toBe(0);
    // What is no longer wanted goes.
    for (const file of ['etc/spacelift/secrets.env', 'etc/systemd/system/spacelift-recycle.timer']) {
      await expect(stat(at(file))).rejects.toThrow('ENOENT');
    }
    expect((await timer()).stdout).not.toBe('enabled');
    expect(await show('ActiveState')).toBe('active');
    expect(await readFile(at('usr/local/bin/spacelift-launcher'))).toEqual(one);
    const kept = await run('host', 'update', '--json');
    expectDocumented('host update', kept.stdout);
    expect(JSON.parse(kept.stdout).changes[0]).toMatchObject({ status: 'unchanged' });
    const text = (file: string) => readFile(at(file), 'utf8');
    expect(await text('etc/spacelift/custom-ca-bundle.crt')).toContain(company.trim());
    expect(await text('etc/ssl/certs/ca-certificates.crt')).toContain(company.trim());
    const same = await run('host', 'install', ...answers, ...sealed, '--json');
    expect(JSON.parse(same.stdout).changes.filter(({ status }: { status: string }) => status !== 'unchanged')).toEqual(
      [],
    );
    expect((await run('host', 'status')).exitCode).toBe(0);
    // Only the installed settings say which server is polled.
    const compared = await run('host', 'status', ...answers, ...silent, '--json');
    expect(compared.exitCode, compared.all).toBe(0);
    expect(JSON.parse(compared.stdout)).toMatchObject({ isCompared: true, drift: [] });

    // What was installed goes, what is somebody else's stays.
    await writeFile(at('etc/spacelift/custom-ca.crt'), 'somebody else put this here');
    await killedOn(booted, 'systemctl daemon-reload')('host', 'uninstall');
    const gone = await run('host', 'uninstall');
    expect(gone.exitCode, gone.all).toBe(0);
    expect(gone.all).toContain('custom-ca.crt was changed since it was installed, and is kept');
    const left = await booted.run(
      'find',
      ...['/etc/spacelift', '/etc/systemd/system', '/etc/ssl/certs', '/usr/local', '/var/lib/spacectl', '/run'],
      ...['/opt/spacelift', '/var/log/spacelift', '(', '-path', '*spacelift*', '-o', '-path', '*spacectl*', ')'],
      ...['-not', '-type', 'd', '-not', '-path', '/run/credentials/*'],
    );
    expect(left.stdout.split('\n').sort()).toEqual([
      '/etc/spacelift/custom-ca.crt',
      '/etc/spacelift/secrets.env.cred',
      '/etc/systemd/system/spacelift-launcher.service.d/test.conf',
    ]);
    expect(await text('etc/ssl/certs/ca-certificates.crt')).not.toContain(company.trim());
    expect((await booted.run('id', 'spacelift')).exitCode).not.toBe(0);
    expect((await run('host', 'uninstall', '--purge')).all).toContain('secrets.env.cred');
    await expect(stat(at('etc/spacelift/secrets.env.cred'))).rejects.toThrow('ENOENT');

    // A first installation that fails leaves the user and its folders, and what it takes to remove them.
    const stillborn = await run('host', 'install', ...answers, '--env', 'FAIL=1');
    expect({ exitCode: stillborn.exitCode, all: stillborn.all }).toMatchObject({ exitCode: 69 });
    for (const file of ['etc/spacelift/secrets.env', 'etc/systemd/system/spacelift-launcher.service']) {
      await expect(stat(at(file))).rejects.toThrow('ENOENT');
    }
    expect((await booted.run('systemctl', 'is-enabled', 'spacelift-launcher')).stdout).not.toBe('enabled');
    expect((await run('host', 'status')).all).toContain('Installed: no');
    expect((await run('host', 'uninstall')).exitCode).toBe(0);
    expect((await booted.run('id', 'spacelift')).exitCode).not.toBe(0);
    await expect(stat(at('var/lib/spacectl'))).rejects.toThrow('ENOENT');

    // A host that install.sh made: the program finds nothing to do, updates it, and removes all of it.
    expect((await run('render', 'systemd', ...answers)).exitCode).toBe(0);
    const script = await booted.run('sh', '/root/pool/systemd/install.sh');
    expect({ exitCode: script.exitCode, all: script.all }).toMatchObject({ exitCode: 0 });
    const { changes } = JSON.parse((await run('host', 'install', ...answers, '--json')).stdout);
    expect(new Set(changes.map((each: { status: string }) => each.status))).toEqual(new Set(['unchanged']));
    expect((await run('host', 'status', ...answers)).exitCode).toBe(0);
    await publish(one);
    const renewed = await run('host', 'update', ...source);
    expect(renewed.exitCode, renewed.all).toBe(0);
    expect(await readFile(at('usr/local/bin/spacelift-launcher'))).toEqual(one);
    const purged = await run('host', 'uninstall', '--purge');
    expect(purged.exitCode, purged.all).toBe(0);
    expect((await booted.run('id', 'spacelift')).exitCode).not.toBe(0);
    expect(await readdir(at('etc/spacelift'))).toEqual(['custom-ca.crt']);
    for (const file of ['var/lib/spacectl', 'opt/spacelift']) {
      await expect(stat(at(file))).rejects.toThrow('ENOENT');
    }
  },
  900_000,
);
