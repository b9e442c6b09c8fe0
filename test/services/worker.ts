import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { createAuthority } from './authority.ts';
import { createKeyring, LAUNCHER, sha256 } from './download-host.ts';
import { type BootedHost, createHost } from './host.ts';
import { putKeyPair } from './key-pair.ts';
import { spacectl } from './program.ts';
import { makeRunnerImage } from './runner-image.ts';
import { temporaryFolder } from './temporary.ts';
import { makeToken } from './token.ts';

/** Values that a shell, systemd or an editor of files may mangle. */
export const AWKWARD = {
  SPACES: '  two  spaces ',
  QUOTES: `it's "quoted" \`here\``,
  DOLLAR: '$HOME $(id) $$ $x',
  BACKSLASH: 'C:\\new\\table \\',
  PERCENT: '100%n %% %h',
  UNICODE: 'Grüße, 世界',
  HASH: '#not ; a comment',
};

export const IMAGE = '127.0.0.1:5000/runner:latest';
export const PATHS = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/** What a worker does: a runner container with the mounts, which trusts a server under the company's authority. */
export const JOB = `set -e
mounts=$(echo "$SPACELIFT_WORKER_EXTRA_MOUNTS" | tr , '\\n' | sed 's/^/-v /; s/$/:ro/')
docker run --rm --network host $mounts "$SPACELIFT_DEFAULT_RUNNER_IMAGE" /bin/busybox sh -c '
  /bin/busybox sha256sum ${PATHS.join(' ')}
  /usr/bin/openssl s_client -connect downloads.spacelift.io:443 -servername downloads.spacelift.io \\
    -verify_return_error -verify_hostname downloads.spacelift.io -CAfile ${PATHS[0]} </dev/null | /bin/busybox grep "Verify return code"'
`;

/** The same without a network: for an engine that has none of the host's. */
export const QUIET_JOB = `set -e
mounts=$(echo "$SPACELIFT_WORKER_EXTRA_MOUNTS" | tr , '\\n' | sed 's/^/-v /; s/$/:ro/')
docker run --rm --network none $mounts "$SPACELIFT_DEFAULT_RUNNER_IMAGE" /bin/busybox sha256sum ${PATHS.join(' ')}
`;

/**
 * Docker without root, as `dockerd-rootless-setuptool.sh` sets it up, without a network of its own: that needs a TAP
 * device, which a container of systemd's has not.
 */
export const ROOTLESS = `set -e
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
export async function startDownloads(host: Awaited<ReturnType<typeof createHost>>) {
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
export async function compileLauncher(version: string): Promise<Buffer> {
  const file = path.join(await temporaryFolder(), 'launcher');
  await execa('gcc', ['-static', '-O1', `-DVERSION="${version}"`, '-o', file, 'test/services/launcher.c']);
  return readFile(file);
}

/** What the launcher found, by what it tried; waits until the service has started the version. */
export async function reportOf(root: string, host: BootedHost, version: string): Promise<Record<string, string>> {
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
export async function environmentOf(root: string): Promise<Record<string, string>> {
  const text = await readFile(path.join(root, 'opt/spacelift/environment'), 'utf8');
  const lines = text.split('\0').filter(Boolean);
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
}

/** The files we rendered, as they are on the host: mode, owner and time of change. */
export async function installed(root: string): Promise<Record<string, string>> {
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

/** A host that is seeded with our user data and not booted yet, in a world of its own: downloads, registry, pool. */
export async function setUpWorker() {
  const host = await createHost({ names: ['downloads.spacelift.io', 'keys.openpgp.org'] });
  // An address of its own: a connection for downloads is none to Spacelift.
  await appendFile(path.join(host.root, 'etc/hosts'), '127.0.0.2 app.spacelift.io\n');
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
  const environment = given.flatMap((each) => ['--env', each]);
  const flags = [...answers, ...options, ...paths, ...environment];
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
  return { host, downloads, dir, token, paths, environment };
}
