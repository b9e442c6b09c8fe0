import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { createAuthority } from '../services/authority.ts';
import { createKeyring, LAUNCHER, sha256 } from '../services/download-host.ts';
import { type BootedHost, createHost, HOST_NEEDS } from '../services/host.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { makeRunnerImage } from '../services/runner-image.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

/** Values that a shell, systemd or an editor of files may mangle. */
const AWKWARD = {
  SPACES: '  two  spaces ',
  QUOTES: `it's "quoted" \`here\``,
  DOLLAR: '$HOME $(id) $$ $x',
  BACKSLASH: 'C:\\new\\table \\',
  PERCENT: '100%n %% %h',
  UNICODE: 'Grüße, 世界',
  HASH: '#not ; a comment',
};

const IMAGE = '127.0.0.1:5000/runner:latest';
const PATHS = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/** What a worker does: a runner container with the mounts, which trusts a server under the company's authority. */
const JOB = `set -e
mounts=$(echo "$SPACELIFT_WORKER_EXTRA_MOUNTS" | tr , '\\n' | sed 's/^/-v /; s/$/:ro/')
docker run --rm --network host $mounts "$SPACELIFT_DEFAULT_RUNNER_IMAGE" /bin/busybox sh -c '
  /bin/busybox sha256sum ${PATHS.join(' ')}
  /usr/bin/openssl s_client -connect downloads.spacelift.io:443 -servername downloads.spacelift.io \\
    -verify_return_error -verify_hostname downloads.spacelift.io -CAfile ${PATHS[0]} </dev/null | /bin/busybox grep "Verify return code"'
`;

/** The same without a network: for an engine that has none of the host's. */
const QUIET_JOB = `set -e
mounts=$(echo "$SPACELIFT_WORKER_EXTRA_MOUNTS" | tr , '\\n' | sed 's/^/-v /; s/$/:ro/')
docker run --rm --network none $mounts "$SPACELIFT_DEFAULT_RUNNER_IMAGE" /bin/busybox sha256sum ${PATHS.join(' ')}
`;

/**
 * Docker without root, as `dockerd-rootless-setuptool.sh` sets it up, without a network of its own: that needs a TAP
 * device, which a container of systemd's has not.
 */
const ROOTLESS = `set -e
loginctl enable-linger spacelift
until [ -d /run/user/1983 ]; do sleep 0.2; done
systemd-run --quiet --unit=rootless --uid=spacelift --setenv=XDG_RUNTIME_DIR=/run/user/1983 --setenv=HOME=/opt/spacelift \\
  --setenv=PATH=/usr/sbin:/usr/bin --setenv=DOCKERD_ROOTLESS_ROOTLESSKIT_NET=host \\
  --setenv=DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER=none --setenv=DOCKERD_ROOTLESS_ROOTLESSKIT_MTU=0 \\
  /usr/share/docker.io/contrib/dockerd-rootless.sh --storage-driver vfs --iptables=false --ip6tables=false --bridge=none
for attempt in $(seq 300); do [ ! -S /run/user/1983/docker.sock ] || exit 0; sleep 0.2; done
journalctl --unit rootless --no-pager
exit 1`;

/** Spacelift's downloads and the key server, under their real names and a private authority, as a folder to serve. */
async function startDownloads(host: Awaited<ReturnType<typeof createHost>>) {
  const folder = await temporaryFolder();
  const authority = await createAuthority(['downloads.spacelift.io', 'keys.openpgp.org']);
  for (const [name, text] of Object.entries(authority)) await writeFile(path.join(folder, name), text);
  const program = path.resolve('test/services/serve-files.mjs');
  const files = ['certificate', 'key'].map((name) => path.join(folder, name));
  host.serve(process.execPath, [program, folder, ...files]);
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('launcher@example.com');
  const put = async (name: string, bytes: Buffer | string) => {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  };
  await put(`keys.openpgp.org/vks/v1/by-fingerprint/${fingerprint}`, await keyring.exportKey(fingerprint));
  const publish = async (bytes: Buffer, signed = bytes) => {
    const sums = `${sha256(signed)}  ${LAUNCHER}\n`;
    await put(`downloads.spacelift.io/${LAUNCHER}`, bytes);
    await put(`downloads.spacelift.io/${LAUNCHER}_SHA256SUMS`, sums);
    await put(`downloads.spacelift.io/${LAUNCHER}_SHA256SUMS.sig`, await keyring.sign(sums, fingerprint));
  };
  return { folder, fingerprint, publish, authority: authority.authority };
}

/** The stand-in for the launcher, in two versions. */
async function compileLauncher(version: string): Promise<Buffer> {
  const file = path.join(await temporaryFolder(), 'launcher');
  await execa('gcc', ['-static', '-O1', `-DVERSION="${version}"`, '-o', file, 'test/fixtures/launcher.c']);
  return readFile(file);
}

/** What the launcher found, by what it tried; waits until the service has started the version. */
async function reportOf(root: string, host: BootedHost, version: string): Promise<Record<string, string>> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const text = await readFile(path.join(root, 'opt/spacelift/report'), 'utf8').catch(() => '');
    if (text.includes(`version: ${version}\n`)) {
      return Object.fromEntries(
        text
          .trim()
          .split('\n')
          .map((line) => line.split(/:\s+/)),
      );
    }
    if (Date.now() > deadline) {
      const { all } = await host.run(
        'sh',
        '-c',
        'systemctl status spacelift-launcher; journalctl --no-pager | tail -n 80',
      );
      throw new Error(`the launcher ${version} did not start:\n${all}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The launcher's environment, as it found it. */
async function environmentOf(root: string): Promise<Record<string, string>> {
  const text = await readFile(path.join(root, 'opt/spacelift/environment'), 'utf8');
  const lines = text.split('\0').filter(Boolean);
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
}

/** The files we rendered, as they are on the host: mode, owner and time of change. */
async function installed(root: string): Promise<Record<string, string>> {
  const folders = ['etc/spacelift', 'etc/systemd/system', 'usr/local/sbin', 'usr/local/bin'];
  const entries: [string, string][] = [];
  for (const folder of folders) {
    for (const name of await readdir(path.join(root, folder))) {
      const { mode, uid, gid, mtimeMs, ino } = await stat(path.join(root, folder, name)).catch(() => ({}) as never);
      if (name.includes('spacelift') || folder === 'etc/spacelift') {
        entries.push([`${folder}/${name}`, `${(mode & 0o7777).toString(8)} ${uid}:${gid} ${mtimeMs} ${ino}`]);
      }
    }
  }
  return Object.fromEntries(entries.sort());
}

testWith(
  ...HOST_NEEDS,
  'docker-registry',
  'skopeo',
  'umoci',
  'gcc',
  'gpg',
  'openssl',
)('a host boots with our user data, and is a worker', { timeout: 900_000 }, async () => {
  const host = await createHost({ names: ['downloads.spacelift.io', 'keys.openpgp.org'] });
  const downloads = await startDownloads(host);
  await downloads.publish(await compileLauncher('1'));
  const registry = path.join(downloads.folder, 'registry.yml');
  const storage = { filesystem: { rootdirectory: path.join(downloads.folder, 'registry') } };
  await writeFile(
    registry,
    JSON.stringify({ version: '0.1', storage, log: { level: 'error' }, http: { addr: '127.0.0.1:5000' } }),
  );
  host.serve('docker-registry', ['serve', registry]);
  const layout = await makeRunnerImage(host.root);
  const copy = ['copy', '--retry-times', '5', '--dest-tls-verify=false', `oci:${layout}:latest`, `docker://${IMAGE}`];
  await host.runInNetwork('skopeo', ...copy);

  const dir = await temporaryFolder();
  await putKeyPair(dir);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  const ca = path.join(downloads.folder, 'authority');
  const answers = ['--no-input', '--offline', '--dir', dir, '--ca', ca, '--target', 'cloud-init', '--cloud', 'ec2'];
  const given = Object.entries({ ...AWKWARD, SPACELIFT_DEFAULT_RUNNER_IMAGE: IMAGE }).map((each) => each.join('='));
  const options = [
    '--embed-secrets',
    '--provider-cache',
    '--trust-on-host',
    '--instance-metadata',
    'none',
    '--metadata',
    'team=blue',
  ];
  const login = path.join(downloads.folder, 'config.json');
  await writeFile(login, '{"auths":{}}');
  const paths = ['--mount-path', PATHS[1] ?? '', '--docker-config', login];
  const flags = [...answers, ...options, ...paths, ...given.flatMap((each) => ['--env', each])];
  const rendered = await spacectl(['init', ...flags], { env: { SPACECTL_TOKEN: token } });
  expect({ exitCode: rendered.exitCode, stderr: rendered.stderr }).toMatchObject({ exitCode: 0 });
  await host.seed(await readFile(path.join(dir, 'cloud-init.yaml.gz')));
  // The only thing that is not as it will be: the key that signs.
  const dropIn = path.join(host.root, 'etc/systemd/system/spacelift-launcher.service.d');
  await mkdir(dropIn);
  const pinned = `[Service]\nEnvironment=SPACELIFT_LAUNCHER_FINGERPRINT=${downloads.fingerprint}\n`;
  await writeFile(path.join(dropIn, 'test.conf'), pinned);
  await mkdir(path.join(host.root, 'opt/spacelift'), { recursive: true });
  await writeFile(path.join(host.root, 'opt/spacelift/job'), JOB);

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
  expect(log).toContain('Verify return code: 0 (ok)');

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

  // The installer on a host that is there already: encrypted credentials, files as logs, a timer.
  await downloads.publish(two);
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
  const service = [
    'render',
    'systemd',
    '--dir',
    dir,
    ...variant,
    ...paths,
    ...given.flatMap((each) => ['--env', each]),
  ];
  expect((await spacectl(service)).exitCode).toBe(0);
  await execa('cp', ['-r', path.join(dir, 'systemd'), at('root')]);
  await execa('rm', [at('opt/spacelift/report'), at('etc/spacelift/secrets.env')]);
  const install = await second.run('sh', '/root/systemd/install.sh');
  expect(install.exitCode, install.all).toBe(0);
  const again = await reportOf(host.root, second, '2');
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
  const environment = given.flatMap((each) => ['--env', each]);
  expect((await spacectl(['render', 'systemd', '--dir', dir, ...other, ...environment])).exitCode).toBe(0);
  await execa('cp', ['-r', path.join(dir, 'systemd'), at('root')]);
  await execa('rm', [at('opt/spacelift/report'), at('opt/spacelift/busy')]);
  const switched = await second.run('sh', '/root/systemd/install.sh');
  expect(switched.exitCode, switched.all).toBe(0);
  const handed = await reportOf(host.root, second, '2');
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
    const flags = ['--engine', engine, '--ca-strategy', 'host', ...paths, ...environment];
    expect((await spacectl(['render', 'systemd', '--dir', dir, ...flags])).exitCode).toBe(0);
    await execa('cp', ['-r', path.join(dir, 'systemd'), at('root')]);
    await second.run('systemctl', 'stop', 'spacelift-launcher', 'docker.service', 'docker.socket');
    await writeFile(at('opt/spacelift/job'), job);
    const made = ['opt/spacelift/report', 'opt/spacelift/job.log', 'etc/spacelift/custom-ca-bundle.crt'];
    await execa('rm', ['-f', ...made.map(at)]);
    const prepared = await second.run('sh', '-c', prepare);
    expect(prepared.exitCode, prepared.all).toBe(0);
    expect((await second.run('sh', '/root/systemd/install.sh')).exitCode).toBe(0);
    const seen = await reportOf(host.root, second, '2');
    expect({ engine, ...seen }).toMatchObject({ engine, docker: 'yes', job: '0', CapEff: '0000000000000000' });
    const digests = await readFile(at('opt/spacelift/job.log'), 'utf8');
    const built = await readFile(at(bundle));
    expect(built.toString()).toContain(downloads.authority.trim());
    expect(digests).toContain(`${sha256(built)}  ${PATHS[0]}`);
  }
});
