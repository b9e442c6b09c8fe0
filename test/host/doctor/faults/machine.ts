import { USER } from '../../../services/recorded-host/index.ts';
import { type Fault, RESTART } from './fault.ts';

const GIGABYTE = 1024 ** 3;
const mounted = (options: string, path: string) => (host: Parameters<Fault['break']>[0]) =>
  host.edit('/proc/self/mounts', (text) => `${text}/dev/sdb1 ${path} ext4 ${options},relatime 0 0\n`);

export const machineFaults: readonly Fault[] = [
  {
    fault: 'too little memory',
    break: ({ says }) => {
      says.memory = GIGABYTE;
    },
    check: 'memory',
    evidence: /^1\.0 GB, and the documented minimum is 2 GB/,
    cure: /larger machine/,
  },
  {
    fault: 'one processor',
    break: ({ says }) => {
      says.processors = 1;
    },
    check: 'processors',
    evidence: /^1,/,
    cure: /larger machine/,
    isWarning: true,
  },
  {
    fault: 'the disk of the images is full',
    break: ({ free }) => free.set('/var/lib/docker', { free: GIGABYTE }),
    check: 'disk',
    about: '/var/lib/docker',
    evidence: /^1\.0 GB free, and 2\.0 GB are needed/,
    cure: ['docker system prune --force'],
  },
  {
    fault: 'a full disk with everything on it',
    break(host) {
      for (const path of [
        '/var/lib/docker',
        '/opt/spacelift',
        '/',
        '/usr/local/bin',
        '/var/log',
        '/var/lib/spacelift-launcher',
        '/etc/spacelift',
        '/tmp',
        '/run',
      ])
        host.free.set(path, { free: 0 });
    },
    check: 'disk',
    about: /^\/var\/lib\/docker, \/opt\/spacelift, \//,
    evidence: /^0 MB free/,
    cure: ['docker system prune --force'],
  },
  {
    fault: 'the disk has no inodes left',
    break: ({ free }) => free.set('/opt/spacelift', { free: 50 * GIGABYTE, freeInodes: 0.001 }),
    check: 'disk',
    about: '/opt/spacelift',
    evidence: /only 0\.1 % of the inodes/,
    cure: ['docker system prune --force'],
  },
  {
    fault: 'little space is left for images',
    break: ({ free }) => free.set('/var/lib/docker', { free: 5 * GIGABYTE }),
    check: 'disk',
    evidence: /^5\.0 GB free/,
    cure: /keep 10 GB free/,
    isWarning: true,
  },
  {
    fault: '/tmp is full',
    break: ({ free }) => free.set('/tmp', { free: 0 }),
    check: 'disk',
    about: '/tmp',
    evidence: /^0 MB free, and 20 MB are needed/,
    cure: /du -x \/tmp/,
  },
  {
    fault: 'systemd is too old',
    break: ({ programs }) => {
      const shown = programs.get('systemctl');
      programs.set('systemctl', (args) =>
        args[0] === '--version' ? { stdout: 'systemd 219\n' } : (shown?.(args) ?? {}),
      );
    },
    check: 'systemd',
    evidence: /^version 219/,
    cure: /needs systemd 235/,
  },
  {
    fault: 'systemd is older than the unit',
    break: ({ programs }) => {
      const shown = programs.get('systemctl');
      programs.set('systemctl', (args) =>
        args[0] === '--version' ? { stdout: 'systemd 239\n' } : (shown?.(args) ?? {}),
      );
    },
    check: 'systemd',
    evidence: /^version 239/,
    cure: /--systemd-version 239/,
    isWarning: true,
  },
  {
    fault: "Spacelift's CLI comes first on the PATH",
    break: ({ says }) => {
      says.namesakes = [
        { path: '/usr/bin/spacectl', kind: 'spacelift' },
        { path: '/usr/local/bin/spacectl', kind: 'ours' },
      ];
    },
    check: 'namesake',
    evidence: /shells start the first one/,
    cure: /first on the PATH/,
    isWarning: true,
  },
  ...[
    { program: 'gpg', name: 'gpg', purpose: 'the verification of the launcher' },
    { program: 'curl', name: 'curl', purpose: 'the update of the launcher' },
    { program: 'sha256sum', name: 'coreutils', purpose: 'the update of the launcher' },
    { program: 'awk', name: 'mawk', purpose: 'the update of the launcher' },
  ].map(
    ({ program, name, purpose }): Fault => ({
      fault: `${program} is not installed, and the update of the launcher fails`,
      break(host) {
        host.files.delete(`/usr/bin/${program}`);
        host.put('/var/lib/spacelift-launcher/launcher-update', '1790000000 kept\n');
      },
      check: 'programs',
      about: new RegExp(`^${program}`),
      evidence: new RegExp(`and ${purpose} needs it`),
      cure: [`apt-get install -y ${name}`],
    }),
  ),
  {
    fault: "cmp is not installed, and the host's bundle is not built",
    on: ['--ca-strategy', 'host'],
    break: ({ files }) => files.delete('/usr/bin/cmp'),
    check: 'programs',
    about: 'cmp',
    evidence: /the update of the CA bundle needs it/,
    cure: ['apt-get install -y diffutils'],
  },
  {
    fault: "Docker's client is not installed, as on Debian 13",
    on: ['--ca-strategy', 'host'],
    break(host) {
      host.files.delete('/usr/bin/docker');
      host.programs.delete('docker');
      host.programs.delete('podman');
    },
    check: 'programs',
    about: 'docker or podman',
    evidence: /the update of the CA bundle needs it/,
    cure: ['apt-get install -y docker-cli'],
  },
  {
    fault: 'the secrets are fetched, and jq is not installed',
    on: ['--secrets-from', 'aws-ssm:/spacelift/pool'],
    break: ({ files }) => files.delete('/usr/bin/jq'),
    check: 'programs',
    about: 'jq',
    evidence: /fetches the secrets/,
    cure: ['apt-get install -y jq'],
  },
  {
    fault: 'the logs are in files, and nothing rotates them',
    on: ['--logs', 'files'],
    break: ({ files }) => files.delete('/usr/bin/logrotate'),
    check: 'programs',
    about: 'logrotate',
    evidence: /rotation of the logs/,
    cure: ['apt-get install -y logrotate'],
  },
  {
    fault: 'ss is not installed, and the host cannot tell whether it is a worker',
    break(host) {
      host.files.delete('/usr/bin/ss');
      host.programs.set('/usr/local/sbin/spacelift-worker-check', () => ({ exitCode: 1, stderr: 'ss is missing' }));
    },
    check: 'programs',
    about: 'ss',
    evidence: /whether this host is a worker/,
    cure: ['apt-get install -y iproute2'],
  },
  {
    fault: 'the user spacelift does not exist',
    break: (host) => host.edit('/etc/passwd', (text) => text.replace(/^spacelift.*\n/m, '')),
    check: 'account',
    evidence: /^does not exist/,
    cure: [
      'getent group spacelift >/dev/null || groupadd --gid 1983 spacelift',
      'useradd --uid 1983 --gid spacelift --home-dir /opt/spacelift --no-create-home --shell /usr/sbin/nologin spacelift',
      'usermod --append --groups docker spacelift',
      'chown -R spacelift:spacelift /opt/spacelift /var/log/spacelift',
      RESTART,
    ],
  },
  {
    fault: 'the user spacelift has another UID than the runner images',
    break: (host) => host.edit('/etc/passwd', (text) => text.replace(`:${USER}:`, ':1000:')),
    check: 'account',
    evidence: /^its UID is 1000/,
    cure: [
      'systemctl stop spacelift-launcher',
      'usermod --uid 1983 spacelift',
      'chown -R spacelift:spacelift /opt/spacelift /var/log/spacelift',
      'systemctl start spacelift-launcher',
    ],
  },
  {
    fault: 'its UID belongs to somebody else',
    break: (host) => host.edit('/etc/passwd', (text) => text.replace(/^spacelift/m, 'deploy')),
    check: 'account',
    evidence: /UID 1983 belongs to deploy/,
    cure: /usermod --uid NEW deploy/,
  },
  {
    fault: "rootless Docker's user does not linger",
    on: ['--engine', 'rootless'],
    break(host) {
      host.files.delete('/var/lib/systemd/linger/spacelift');
      host.files.delete('/run/user/1983/docker.sock');
    },
    check: 'account',
    evidence: /does not start at boot/,
    cure: ['loginctl enable-linger spacelift', RESTART],
  },
  {
    fault: '/opt/spacelift is gone',
    break(host) {
      host.files.delete('/opt/spacelift');
      host.show('spacelift-launcher.service', {
        ActiveState: 'activating',
        Result: 'exit-code',
        ExecMainStatus: '200',
        NRestarts: '40',
        MainPID: '0',
      });
    },
    check: 'directories',
    about: '/opt/spacelift',
    evidence: /^does not exist/,
    cure: ['install -d -o spacelift -g spacelift -m 755 /opt/spacelift', RESTART],
  },
  {
    fault: '/opt/spacelift belongs to root',
    break: (host) => host.change('/opt/spacelift', { owner: 0 }),
    check: 'directories',
    about: '/opt/spacelift',
    evidence: /belongs to UID 0/,
    cure: ['chown -R spacelift:spacelift /opt/spacelift', RESTART],
  },
  {
    fault: '/var/log/spacelift is a file',
    break: (host) => host.put('/var/log/spacelift', 'log'),
    check: 'directories',
    about: '/var/log/spacelift',
    evidence: /is not a directory/,
    cure: [
      'mv /var/log/spacelift /var/log/spacelift.old',
      'install -d -o spacelift -g spacelift -m 755 /var/log/spacelift',
      RESTART,
    ],
  },
  {
    fault: '/tmp is only for root',
    break: (host) => host.change('/tmp', { mode: 0o755 }),
    check: 'directories',
    about: '/tmp',
    evidence: /mode 755/,
    cure: ['chmod 1777 /tmp', RESTART],
  },
  {
    fault: 'nothing can be executed in /opt/spacelift',
    break: mounted('rw,noexec', '/opt'),
    check: 'directories',
    about: '/opt/spacelift',
    evidence: /mounted noexec/,
    cure: ['mount -o remount,exec /opt'],
  },
  {
    fault: '/usr/local/bin is read-only, so no launcher can be installed',
    break(host) {
      mounted('ro', '/usr')(host);
      host.put('/var/lib/spacelift-launcher/launcher-update', '1790000000 failed\n');
    },
    check: 'directories',
    about: '/usr/local/bin',
    evidence: /mounted ro: no new launcher/,
    cure: ['mount -o remount,rw /usr'],
  },
  {
    fault: 'the kernel does not forward packets',
    break: (host) => host.put('/proc/sys/net/ipv4/ip_forward', '0\n'),
    check: 'forwarding',
    evidence: /ip_forward is 0/,
    cure: ['sysctl -w net.ipv4.ip_forward=1'],
  },
];
