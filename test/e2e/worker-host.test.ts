import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { problemsOn, putProgram } from '../services/doctor-on-host.ts';
import { sha256 } from '../services/download-host.ts';
import { type BootedHost, HOST_NEEDS } from '../services/host.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { pretendSelinux } from '../services/selinux.ts';

import {
  AWKWARD,
  compileLauncher,
  environmentOf,
  installed,
  JOB,
  PATHS,
  QUIET_JOB,
  ROOTLESS,
  reportOf,
  setUpWorker,
} from '../services/worker.ts';
import { expectWorkerToComeBack } from '../services/worker-life.ts';

testWith(
  ...HOST_NEEDS,
  'docker-registry',
  'skopeo',
  'umoci',
  'gcc',
  'gpg',
  'openssl',
)(
  'a host that boots with the rendered user data is a worker, through restarts, updates and other engines',
  { timeout: 900_000 },
  async () => {
    const { host, downloads, dir, token, paths, environment } = await setUpWorker();
    const labels = await pretendSelinux(host.root);
    await putProgram(host.root);
    await writeFile(path.join(host.root, 'root/ca.pem'), downloads.authority);
    // Of Spacelift's servers, only two answer here, and containers have no network.
    const skipped = ['egress', 'resolver', 'clock'].flatMap((id) => ['--skip', id]);
    const flags = [
      '--download-ca',
      '/root/ca.pem',
      '--fingerprint',
      downloads.fingerprint,
      '--no-container',
      ...skipped,
    ];
    const sick = (booted: BootedHost) => problemsOn(booted, ...flags);
    const first = await host.boot();
    const report = await reportOf(host.root, first, '1');
    const status = await first.run('cloud-init', 'status', '--long');
    expect(status.all).toContain('status: done');
    const groups = (await first.run('getent', 'group', 'docker')).stdout.split(':')[2];
    expect(report).toMatchObject({
      Uid: expect.stringMatching(/^1983\s+1983\s+1983\s+1983$/),
      Groups: expect.stringContaining(String(groups)),
      CapEff: '0000000000000000',
      NoNewPrivs: '1',
      Seccomp: '2',
      docker: 'yes',
      netlink: 'yes',
      worker: 'yes',
      'write /opt/spacelift': 'yes',
      'write /var/log/spacelift': 'yes',
      'write /tmp': 'yes',
      'write /etc': 'Read-only file system',
      'write /usr': 'Read-only file system',
      'read secrets': 'Permission denied',
      'read /root': 'Permission denied',
      device: 'Operation not permitted',
      namespace: 'Operation not permitted',
      job: '0',
    });
    // What a private /tmp would hide from the Docker daemon.
    expect((await first.run('cat', '/tmp/from-launcher')).stdout).toBe('x');

    const at = (file: string) => path.join(host.root, file);
    expect(await environmentOf(host.root)).toMatchObject({
      ...AWKWARD,
      SPACELIFT_TOKEN: token,
      SPACELIFT_POOL_PRIVATE_KEY: (await readFile(path.join(dir, 'spacelift.key'))).toString('base64'),
      SPACELIFT_METADATA_team: 'blue',
      SPACELIFT_WORKER_COMMS_PROTOCOL: 'poll',
      SPACELIFT_WORKER_COMMS_URL: 'https://app.spacelift.io',
      TF_PLUGIN_CACHE_DIR: '/mnt/provider-cache',
      SPACELIFT_WORKER_EXTRA_MOUNTS: expect.stringContaining('/opt/spacelift/provider-cache:/mnt/provider-cache'),
    });

    // The bundle is the image's own and the company's; the container sees it at both paths, and trusts the server by it.
    const ours = Buffer.concat([await readFile(at('etc/ssl/certs/ca-certificates.crt'))]);
    expect(ours.toString()).toContain(downloads.authority.trim().split('\n')[3]);
    const bundle = await readFile(at('etc/spacelift/custom-ca-bundle.crt'));
    expect(bundle.toString()).toContain(downloads.authority.trim());
    const log = await readFile(at('opt/spacelift/job.log'), 'utf8');
    for (const each of PATHS) expect(log).toContain(`${sha256(bundle)}  ${each}`);
    const mounted = ['/etc/spacelift/custom-ca-bundle.crt', '/opt/spacelift/provider-cache'];
    expect(await labels()).toEqual(expect.arrayContaining(mounted.map((each) => `-t container_file_t ${each}`)));
    expect(log).toContain('Verify return code: 0 (ok)');

    expect(await sick(first)).toEqual([]);

    const files = await installed(host.root);
    expect(files).toMatchObject({
      'etc/spacelift/secrets.env': expect.stringMatching(/^600 0:0 /),
      'etc/spacelift/launcher.env': expect.stringMatching(/^600 0:0 /),
      'etc/spacelift/custom-ca-bundle.crt': expect.stringMatching(/^644 0:0 /),
      'usr/local/bin/spacelift-launcher': expect.stringMatching(/^755 0:0 /),
    });
    // What belongs to the service's user, whom the installer has made after cloud-init had written the files.
    for (const name of ['opt/spacelift', 'opt/spacelift/provider-cache', 'var/log/spacelift']) {
      expect({ name, ...(await stat(at(name))) }).toMatchObject({ name, uid: 1983, gid: 1983 });
    }
    expect(await stat(at('etc/spacelift/docker/config.json'))).toMatchObject({ mode: 0o100640, uid: 0, gid: 1983 });
    expect((await first.run('ls', '/run/spacectl')).exitCode).not.toBe(0);
    await first.powerOff();
    expect(await readFile(at('opt/spacelift/stopped'), 'utf8')).toBe('x\n');

    // A reboot: nothing is installed again, and the service comes up by itself.
    await execa('rm', [at('opt/spacelift/report'), at('opt/spacelift/stopped')]);
    const second = await host.boot();
    await reportOf(host.root, second, '1');
    expect(await installed(host.root)).toEqual(files);
    expect(await second.run('spacelift-worker-check', '--wait', '120')).toMatchObject({ exitCode: 0 });
    const exposure = ['security', '--threshold=20', '--no-pager', 'spacelift-launcher.service'];
    expect(await second.run('systemd-analyze', ...exposure)).toMatchObject({ exitCode: 0 });

    // A restart is an update; what is not as it was signed is refused, and the last verified launcher starts.
    const two = await compileLauncher('2');
    await downloads.publish(two);
    await second.run('systemctl', 'restart', 'spacelift-launcher');
    await reportOf(host.root, second, '2');
    await downloads.publish(await compileLauncher('3'), await compileLauncher('4'));
    await execa('rm', [at('opt/spacelift/report')]);
    await second.run('systemctl', 'restart', 'spacelift-launcher');
    await reportOf(host.root, second, '2');
    expect(await readFile(at('usr/local/bin/spacelift-launcher'))).toEqual(two);
    const journal = (await second.run('journalctl', '--unit', 'spacelift-launcher', '--no-pager')).stdout;
    expect(journal).toContain('does not match its checksum');
    expect(journal).toContain('keeping the launcher that was verified earlier');

    await downloads.publish(two);
    await expectWorkerToComeBack(host, second, '2');

    // The installer on a host that is there already: encrypted credentials, files as logs, a timer.
    const variant = [
      '--ca-strategy',
      'host',
      '--secrets',
      'encrypted',
      '--logs',
      'files',
      '--recycle',
      '--trust-on-host',
    ];
    const service = ['render', 'systemd', '--dir', dir, ...variant, ...paths, ...environment];
    expect((await spacectl(service)).exitCode).toBe(0);
    await execa('cp', ['-r', path.join(dir, 'systemd'), at('root')]);
    await execa('rm', [at('opt/spacelift/report'), at('etc/spacelift/secrets.env')]);
    const install = await second.run('sh', '/root/systemd/install.sh');
    expect(install.exitCode, install.all).toBe(0);
    const again = await reportOf(host.root, second, '2');
    expect(await sick(second)).toEqual([]);
    expect(again).toMatchObject({ 'read secrets': 'No such file or directory', job: '0', Seccomp: '2' });
    expect(await environmentOf(host.root)).toMatchObject({ ...AWKWARD, SPACELIFT_TOKEN: token });
    expect(await readFile(at('etc/spacelift/secrets.env.cred'), 'latin1')).not.toContain(token.slice(0, 40));
    expect(await readFile(at('var/log/spacelift/info.log'), 'utf8')).toBe('launcher 2 is ready\n');
    expect(await second.run('logrotate', '--force', '/etc/logrotate.d/spacelift')).toMatchObject({
      exitCode: 0,
      all: '',
    });
    expect((await second.run('systemctl', 'is-active', 'spacelift-recycle.timer')).stdout).toBe('active');
    expect((await second.run('sh', '/root/systemd/install.sh')).all).toContain('nothing changed');

    // Asked to stop, it lets the run that is going on come to its end: nobody else signals the worker.
    await writeFile(at('opt/spacelift/busy'), '');
    await execa('rm', [at('opt/spacelift/report')]);
    await second.run('systemctl', 'restart', 'spacelift-launcher');
    await reportOf(host.root, second, '2');
    await second.run('systemctl', 'stop', '--no-block', 'spacelift-launcher');
    const state = async () => (await second.run('systemctl', 'is-active', 'spacelift-launcher')).stdout;
    while ((await state()) === 'active') await new Promise((resolve) => setTimeout(resolve, 100));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await state()).toBe('deactivating');
    await writeFile(at('opt/spacelift/finish'), '');
    while ((await state()) === 'deactivating') await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await readFile(at('opt/spacelift/finished'), 'utf8')).toBe('x\n');
    const stopped = await second.run(
      'systemctl',
      'show',
      'spacelift-launcher',
      '--property=Result,ExecMainStatus,ActiveState',
    );
    expect(stopped.stdout.split('\n').sort()).toEqual(['ActiveState=inactive', 'ExecMainStatus=0', 'Result=success']);

    // The secrets handed over by systemd; and a proxy, which the Docker daemon has as well: nothing ran when it came.
    const proxy = 'http://user:p%40ss$x@127.0.0.1:3128';
    const direct = ['downloads.spacelift.io', 'keys.openpgp.org'].flatMap((name) => ['--no-proxy', name]);
    const other = ['--secrets', 'credentials', '--https-proxy', proxy, ...direct, '--ca-strategy', 'host', ...paths];
    expect((await spacectl(['render', 'systemd', '--dir', dir, ...other, ...environment])).exitCode).toBe(0);
    await execa('cp', ['-r', path.join(dir, 'systemd'), at('root')]);
    await execa('rm', [at('opt/spacelift/report'), at('opt/spacelift/busy')]);
    const switched = await second.run('sh', '/root/systemd/install.sh');
    expect(switched.exitCode, switched.all).toBe(0);
    const handed = await reportOf(host.root, second, '2');
    expect(await sick(second)).toEqual([]);
    expect(handed).toMatchObject({ 'read secrets': 'Permission denied', docker: 'yes', job: '0', Seccomp: '2' });
    expect(await environmentOf(host.root)).toMatchObject({ ...AWKWARD, SPACELIFT_TOKEN: token, HTTPS_PROXY: proxy });
    const daemon = await second.run('sh', '-c', "tr '\\0' '\\n' </proc/$(pidof dockerd)/environ");
    expect(daemon.stdout.split('\n')).toContain(`HTTPS_PROXY=${proxy}`);

    // Other engines: the launcher has their socket, the bundle is made from the image they have, and a container sees it.
    const insecure = at('etc/containers/registries.conf.d/test.conf');
    await mkdir(path.dirname(insecure), { recursive: true });
    await writeFile(insecure, '[[registry]]\nlocation = "127.0.0.1:5000"\ninsecure = true\n');
    for (const { engine, job, prepare, bundle } of [
      { engine: 'podman', job: JOB, prepare: 'true', bundle: 'etc/spacelift/custom-ca-bundle.crt' },
      { engine: 'rootless', job: QUIET_JOB, prepare: ROOTLESS, bundle: 'var/lib/spacelift/custom-ca-bundle.crt' },
    ]) {
      const rendering = ['--engine', engine, '--ca-strategy', 'host', ...paths, ...environment];
      expect((await spacectl(['render', 'systemd', '--dir', dir, ...rendering])).exitCode).toBe(0);
      await execa('cp', ['-r', path.join(dir, 'systemd'), at('root')]);
      await second.run('systemctl', 'stop', 'spacelift-launcher', 'docker.service', 'docker.socket');
      await writeFile(at('opt/spacelift/job'), job);
      const made = ['opt/spacelift/report', 'opt/spacelift/job.log', 'etc/spacelift/custom-ca-bundle.crt'];
      await execa('rm', ['-f', ...made.map(at)]);
      const prepared = await second.run('sh', '-c', prepare);
      expect(prepared.exitCode, prepared.all).toBe(0);
      expect((await second.run('sh', '/root/systemd/install.sh')).exitCode).toBe(0);
      const seen = await reportOf(host.root, second, '2');
      expect({ engine, problems: await sick(second) }).toEqual({ engine, problems: [] });
      expect({ engine, ...seen }).toMatchObject({ engine, docker: 'yes', job: '0', CapEff: '0000000000000000' });
      const digests = await readFile(at('opt/spacelift/job.log'), 'utf8');
      const built = await readFile(at(bundle));
      expect(built.toString()).toContain(downloads.authority.trim());
      expect(digests).toContain(`${sha256(built)}  ${PATHS[0]}`);
      if (engine === 'podman') {
        // Its socket stops, and the launcher goes on; a launcher that ends brings the socket back.
        await second.run('systemctl', 'stop', 'spacelift-podman.socket', 'spacelift-podman.service');
        expect((await second.run('systemctl', 'is-active', 'spacelift-launcher')).stdout).toBe('active');
        await execa('rm', [at('opt/spacelift/report')]);
        await second.run('systemctl', 'kill', '--signal=KILL', 'spacelift-launcher');
        expect(await reportOf(host.root, second, '2')).toMatchObject({ docker: 'yes', job: '0' });
      }
    }
  },
);
