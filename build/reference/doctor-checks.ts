import { CHECKS } from '../../src/host/doctor/checks/all-checks.ts';
import { code, table } from './fill.ts';

/** When each check fails or warns, by its id. */
const PROBLEMS: Readonly<Record<string, string>> = {
  memory: 'less than 2 GB of memory',
  processors: 'warning: only one processor',
  disk: 'a file system that images, runs, logs, updates or `/tmp` need is full, or out of inodes; warning: less than 10 GB free for images',
  systemd: 'older than 235; warning: older than 252 (render with `--systemd-version`)',
  namesake: "warning: Spacelift's own CLI, also called `spacectl`, comes first on the `PATH`",
  clock: 'more than a minute off the servers that answer',
  programs: "a program that the host's scripts run is not installed",
  units:
    'a unit is not installed or masked, systemd has not read its changed files, a drop-in takes away what the launcher needs, or the weekly restart is stopped',
  account: 'the user `spacelift` is missing, has another UID than the runner images, or (rootless) does not linger',
  directories:
    '`/opt/spacelift`, `/var/log/spacelift` or `/tmp` is missing or cannot be written, or a file system is read-only or does not allow execution',
  'daemon-file': '`/etc/docker/daemon.json` is not JSON',
  'engine-socket':
    'the socket is missing, every user can write to it, or the launcher cannot: its groups count, also those that the unit adds',
  engine: 'it does not answer, or is older than 20.10; warning: control groups version 1',
  resolver: 'no name can be resolved',
  egress:
    "a server that workers need cannot be reached, or its certificate is not trusted. Uses the launcher's proxies and CA certificates, and shows the issuer, which reveals a proxy that inspects TLS. Servers that fail for one cause are one finding",
  proxies: 'the two spellings of a proxy variable differ; warning: the metadata service is asked through the proxy',
  comms:
    'the protocol is misspelled, or the polled server is not the one that the token is for; warnings: the launcher still uses [MQTT](service.md#how-workers-talk-to-spacelift), or the address of the server is missing or has a path',
  'daemon-proxy': 'warning: Docker, which pulls the images, does not have the proxy of the launcher',
  forwarding: 'the kernel does not forward packets, so containers reach no server',
  'environment-files': 'one is missing, or systemd ignores a line',
  'file-modes': 'a file with secrets is readable by others, or not owned by root',
  metadata: 'a tag is empty or `null`',
  secrets:
    'one is missing or unreadable, cannot be decrypted or fetched, or the token was made for another key. Encrypted and fetched secrets are read from the running launcher',
  'token-certificate':
    'the certificate in the token has expired or is not valid yet; warning: it expires within 14 days',
  'pool-token':
    "the token in the pool's directory is missing, outdated, or the pool has one for another key. Asks Spacelift, if there are credentials for the pool's account",
  settings:
    "a duration without a unit, a mount, network, runtime or policy that does not exist, logins that the launcher cannot read, or half of a VCS agent's mapping; warning: a variable to pass on that is not set",
  launcher: 'missing, not executable, or not a program for this machine; warning: not updated for 30 days',
  'launcher-digest':
    'not the pinned launcher, or not the one that Spacelift signed although it was updated since; the same as a warning on the first day of a release, which may not have been published at once',
  updates:
    'the last update of the launcher or the bundle failed; warnings: the last good one was kept, or an older release was refused',
  'signing-key': 'revoked, expired, or another key; warning: expires within 30 days',
  'bundle-files':
    'a file of certificates is missing, damaged, a directory, unreadable for runs, or has a private key; one of your CA certificates has expired; warning: it expires within 30 days',
  'bundle-mounted': "a runner container does not see the host's bundle, byte for byte",
  'bundle-current': "the bundle does not begin with the runner image's own: made for another image, or stale",
  'bundle-clients':
    'Go in the runner image reads a file over which the bundle is not mounted, or a container has another file there; warning: another client of the image does, such as OpenSSL. The engine exports the image to find its clients. Lists who reads the bundle, and with which variable others would',
  'bundle-handshake':
    "a TLS handshake from a runner container fails: with the image's own `curl` or `openssl`, to Spacelift or to any `--endpoint`",
  'others-can-write': 'the launcher, a script, a unit or a directory that root uses can be changed by other users',
  'log-files': 'the logs are in files, and nothing rotates them or they belong to another user',
  leftovers: 'unencrypted secrets that are no longer used; warning: temporary files of killed updates',
  service: 'not running, killed for want of memory, or restarted again and again; warnings: starting, or not enabled',
  process:
    'the running launcher has other settings than the installed ones, another user or very low limits, or a second launcher runs; warning: it was replaced since it started',
  'installed-files':
    'a file differs from the install record, or an installation was interrupted. Settings that were edited by hand are not a problem',
  worker: '[`spacelift-worker-check`](#is-this-host-a-worker) reports a fault that no other check explains',
};

/** Lists the doctor's checks. @throws Error unless every check has its problems described, and no other has */
export function listDoctorChecks(): string {
  const ids = CHECKS.map(({ id }) => id);
  const stray = [...ids.filter((id) => !(id in PROBLEMS)), ...Object.keys(PROBLEMS).filter((id) => !ids.includes(id))];
  if (stray.length > 0) throw new Error(`build/reference/doctor-checks.ts: describe or remove ${stray.join(', ')}`);
  const rows = CHECKS.map(({ id, title, stage }) => [
    code(id),
    title,
    stage === 'always' ? 'yes' : '',
    PROBLEMS[id] ?? '',
  ]);
  return table(['id', 'check', '`--pre`', 'fails if'], rows);
}
