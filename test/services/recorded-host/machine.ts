import { parseEnvironmentFile } from '../../../src/render/index.ts';
import { LAUNCHER } from './pool.ts';
import { ago, DOCKER_GROUP, directory, PID, type RecordedHost, seconds, USER } from './type.ts';

/** The rest of a Debian host with an engine, on which the launcher runs. */
export function prepareMachine(host: RecordedHost, engine: string): void {
  for (const name of [
    '/usr/local',
    '/usr/local/bin',
    '/usr/local/sbin',
    '/etc/systemd/system',
    '/etc/spacelift',
    '/var/lib/spacectl',
    '/var/lib/spacelift-launcher',
    '/run/spacelift',
  ])
    host.put(name, '', directory());
  for (const name of ['/opt/spacelift', '/var/log/spacelift']) host.put(name, '', directory(0o755, USER));
  host.put('/tmp', '', directory(0o1777));
  for (const name of [
    'gpg',
    'sha256sum',
    'awk',
    'od',
    'timeout',
    'mktemp',
    'cmp',
    'ss',
    'curl',
    'jq',
    'logrotate',
    'systemd-creds',
    'apt-get',
    engine === 'podman' ? 'podman' : 'docker',
  ])
    host.put(`/usr/bin/${name}`, '', { mode: 0o755 });
  host.put('/usr/local/bin/spacelift-launcher', LAUNCHER, { mode: 0o755, modified: ago(12) });
  host.put('/var/lib/spacelift-launcher/launcher-update', `${seconds(ago(4))} current\n`);
  host.put(
    '/etc/passwd',
    `root:x:0:0:root:/root:/bin/sh\nspacelift:x:${USER}:${USER}::/opt/spacelift:/usr/sbin/nologin\n`,
  );
  // The unit adds the group: the user need not be a member.
  host.put('/etc/group', `root:x:0:\nstaff:x:50:\ndocker:x:${DOCKER_GROUP}:\nspacelift:x:${USER}:\n`);
  host.put('/etc/hosts', '127.0.0.1 localhost\n');
  host.put('/etc/resolv.conf', 'nameserver 10.0.0.2\n');
  host.put('/proc/uptime', '86400.00 170000.00\n');
  host.put(
    '/proc/self/mounts',
    '/dev/sda1 / ext4 rw,relatime 0 0\ntmpfs /run tmpfs rw,nosuid,nodev,noexec 0 0\ntmpfs /tmp tmpfs rw,nosuid,nodev,noexec 0 0\n',
  );
  host.put('/proc/sys/net/ipv4/ip_forward', '1\n');
  const socket =
    { docker: '/var/run/docker.sock', podman: '/run/spacelift-podman.sock', rootless: `/run/user/${USER}/docker.sock` }[
      engine
    ] ?? '';
  const group = engine === 'docker' ? DOCKER_GROUP : USER;
  host.put(socket, '', { kind: 'socket', mode: 0o660, group, owner: engine === 'rootless' ? USER : 0 });
  if (engine === 'rootless') host.put('/var/lib/systemd/linger/spacelift', '');
  host.show('spacelift-launcher.service', {
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    UnitFileState: 'enabled',
    Result: 'success',
    ExecMainStatus: '0',
    NRestarts: '0',
    ConditionResult: 'yes',
    NeedDaemonReload: 'no',
    MainPID: String(PID),
    ExecMainStartTimestampMonotonic: '60000000',
    User: 'spacelift',
    SupplementaryGroups: engine === 'docker' ? 'docker' : '',
    FragmentPath: '/etc/systemd/system/spacelift-launcher.service',
    DropInPaths: '',
  });
  if (engine === 'docker') {
    const active = {
      LoadState: 'loaded',
      ActiveState: 'active',
      SubState: 'running',
      UnitFileState: 'enabled',
      Result: 'success',
      NeedDaemonReload: 'no',
      MainPID: '0',
    };
    host.show('docker.service', { ...active, MainPID: '800' });
    host.show('docker.socket', active);
    const settings = host.files.get('/etc/spacelift/launcher.env')?.bytes.toString() ?? '';
    const proxies = Object.entries(parseEnvironmentFile(settings).variables).filter(([name]) => /_PROXY$/.test(name));
    host.put('/proc/800/environ', [['PATH', '/usr/bin'], ...proxies].map((pair) => `${pair.join('=')}\0`).join(''));
  }
  if (engine === 'podman')
    host.show('spacelift-podman.socket', { LoadState: 'loaded', ActiveState: 'active', UnitFileState: 'enabled' });
  if (host.files.has('/etc/systemd/system/spacelift-recycle.timer'))
    host.show('spacelift-recycle.timer', { LoadState: 'loaded', ActiveState: 'active', UnitFileState: 'enabled' });
}
