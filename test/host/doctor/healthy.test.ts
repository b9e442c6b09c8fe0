import { expect, test } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { problemsOf } from '../../services/diagnosis.ts';
import { healthyHost, launcherBytes } from '../../services/recorded-host.ts';

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
