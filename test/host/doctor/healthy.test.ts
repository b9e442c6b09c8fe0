import { expect, test } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { checksOf, problemsOf } from '../../services/diagnosis.ts';
import { healthyHost, launcherBytes, PID } from '../../services/recorded-host/index.ts';
import { withRunner } from './faults/containers.ts';

const PINNED = sha256(launcherBytes('the newest'));

test.each<[string, readonly string[]]>([
  ['Docker', []],
  ['Docker without a bundle', ['--no-bundle']],
  ['Podman', ['--engine', 'podman']],
  ['rootless Docker', ['--engine', 'rootless']],
  ['secrets as credentials', ['--secrets', 'credentials']],
  ['encrypted secrets', ['--secrets', 'encrypted']],
  ['secrets from a store', ['--secrets-from', 'aws-ssm:/spacelift/pool']],
  ['a proxy', ['--https-proxy', 'http://user:p%40ss@proxy.example.com:3128', '--no-proxy', 'example.com']],
  ['logs in files', ['--logs', 'files']],
  ['a bundle built on the host', ['--ca-strategy', 'host']],
  ['a timer that recycles', ['--recycle']],
  ['no sandbox', ['--hardening', 'off']],
  ['an old systemd', ['--systemd-version', '239']],
  ['a provider cache', ['--provider-cache']],
  ['tags', ['--metadata', 'team=blue']],
  [
    'a self-hosted installation',
    [
      '--self-hosted',
      '--worker-comms-url',
      'https://spacelift.example.com',
      '--launcher-from',
      'https://mirror.example.com/launcher',
      '--launcher-sha256',
      PINNED,
    ],
  ],
])('no false alarm on a healthy host: %s', async (_, flags) => {
  const host = await healthyHost(flags);
  expect(await problemsOf(host)).toEqual([]);
});

test.each<[string, readonly string[]]>([
  ['Docker', []],
  ['encrypted secrets', ['--secrets', 'encrypted']],
  ['Podman', ['--engine', 'podman']],
])('an ordinary user sees less of a healthy host, and no false alarm: %s', async (_, flags) => {
  const host = await healthyHost(flags);
  for (const pid of [PID, 800])
    if (host.files.has(`/proc/${pid}/environ`)) host.change(`/proc/${pid}/environ`, { mode: 0o400 });
  host.programs.set('docker', (args) =>
    args[0] === '--version'
      ? {}
      : { exitCode: 1, stderr: 'permission denied while trying to connect to the Docker daemon socket' },
  );
  host.programs.set('/usr/local/sbin/spacelift-worker-check', () => ({ exitCode: 1, stderr: 'only root can see' }));
  host.says.isRoot = false;
  expect(await problemsOf(host)).toEqual([]);
});

test('a bundle that is also mounted where the image has no file is no false alarm', async () => {
  const host = await healthyHost();
  withRunner(host);
  const mounts = ['/etc/ssl/certs/ca-certificates.crt', '/usr/lib/ssl/cert.pem'];
  host.set('SPACELIFT_WORKER_EXTRA_MOUNTS', mounts.map((path) => `/etc/spacelift/custom-ca-bundle.crt:${path}`).join());
  expect(await problemsOf(host)).toEqual([]);
});

test('the doctor says who in the image reads the bundle, and what others need', async () => {
  const host = await healthyHost();
  withRunner(host);
  const known = { reads: ['/etc/ssl/certs/ca-certificates.crt'], basis: 'measured', source: '' } as const;
  host.says.clients = {
    clients: [
      { ...known, client: 'go', sees: 'yes' },
      { ...known, client: 'botocore', sees: 'with variable', variable: 'AWS_CA_BUNDLE' },
      { ...known, client: 'java', sees: 'no' },
    ],
    mountPaths: [],
    neededBy: new Map(),
  };
  const checks = await checksOf(host);
  expect(checks.find(({ id }) => id === 'bundle-clients')?.findings).toEqual([
    {
      status: 'good',
      evidence:
        'the bundle is read by Terraform (Go); with a variable by AWS CLI and boto3 (botocore) (AWS_CA_BUNDLE); not by Java',
    },
  ]);
});
