import { PID } from '../../../services/recorded-host/index.ts';
import { type Fault, RESTART, SERVICE } from './fault.ts';

const SOCKET = '/var/run/docker.sock';
const proxy = ['--https-proxy', 'http://proxy.example.com:3128'];

/** The launcher runs, but has no longer the groups of the unit. */
const withoutGroup = (host: Parameters<Fault['break']>[0]) =>
  host.edit(`/proc/${PID}/status`, (text) => text.replace(/^Groups:.*$/m, 'Groups:\t1983 '));

const silent = (host: Parameters<Fault['break']>[0], stderr: string) =>
  host.programs.set('docker', (args) => (args[0] === '--version' ? {} : { exitCode: 1, stderr }));

/** Docker says something else about itself. */
const inform = (host: Parameters<Fault['break']>[0], stdout: string) => {
  const docker = host.programs.get('docker');
  host.programs.set('docker', (args) => (args[0] === 'info' ? { stdout } : (docker?.(args) ?? {})));
};

export const engineFaults: readonly Fault[] = [
  {
    fault: 'Docker is not installed',
    break(host) {
      host.files.delete(SOCKET);
      for (const name of ['docker.service', 'docker.socket']) host.units.delete(name);
      host.programs.delete('docker');
      host.programs.delete('podman');
      host.show(SERVICE, { ActiveState: 'inactive', MainPID: '0' });
    },
    check: 'engine-socket',
    evidence: /^Docker is not installed/,
    cure: ['apt-get install -y docker.io', `systemctl start ${SERVICE}`],
  },
  {
    fault: 'Docker is stopped, and the launcher with it',
    break(host) {
      host.files.delete(SOCKET);
      for (const name of ['docker.service', 'docker.socket'])
        host.show(name, { ActiveState: 'inactive', MainPID: '0' });
      silent(host, 'Cannot connect to the Docker daemon');
      host.show(SERVICE, { ActiveState: 'inactive', Result: 'success', MainPID: '0' });
    },
    check: 'engine-socket',
    evidence: /docker\.sock does not exist/,
    cure: [
      'systemctl enable docker.socket docker.service',
      'systemctl restart docker.socket docker.service',
      `systemctl start ${SERVICE}`,
    ],
  },
  {
    fault: "Podman's socket is stopped",
    on: ['--engine', 'podman'],
    break(host) {
      host.files.delete('/run/spacelift-podman.sock');
      host.show('spacelift-podman.socket', { ActiveState: 'inactive' });
    },
    check: 'engine-socket',
    evidence: /spacelift-podman\.sock does not exist/,
    cure: ['systemctl enable --now spacelift-podman.socket', `systemctl start ${SERVICE}`],
  },
  {
    fault: 'the rootless daemon is stopped',
    on: ['--engine', 'rootless'],
    break: ({ files }) => files.delete('/run/user/1983/docker.sock'),
    check: 'engine-socket',
    evidence: /docker\.sock does not exist/,
    cure: ['systemctl --user --machine spacelift@ start docker', `systemctl start ${SERVICE}`],
  },
  {
    fault: "Docker's configuration has a comma too many",
    break(host) {
      host.put('/etc/docker/daemon.json', '{"log-driver": "local",}');
      host.files.delete(SOCKET);
      silent(host, 'Cannot connect to the Docker daemon');
      host.show('docker.service', { ActiveState: 'failed', MainPID: '0' });
      host.show(SERVICE, { ActiveState: 'inactive', Result: 'success', MainPID: '0' });
    },
    check: 'daemon-file',
    evidence: /daemon\.json is not valid JSON/,
    cure: /Correct it, then: systemctl restart docker/,
  },
  {
    fault: 'a directory is where the socket should be',
    break: (host) => host.put(SOCKET, '', { kind: 'directory' }),
    check: 'engine-socket',
    evidence: /is not a socket/,
    cure: /DOCKER_HOST/,
  },
  {
    fault: 'the socket belongs to another group',
    break: (host) => host.change(SOCKET, { group: 0 }),
    check: 'engine-socket',
    evidence: /the user spacelift cannot write to .* \(660, group root\)/,
    cure: [`chgrp docker ${SOCKET}`, RESTART],
  },
  {
    fault: "the socket's group cannot write",
    break: (host) => host.change(SOCKET, { mode: 0o600 }),
    check: 'engine-socket',
    evidence: /cannot write to .* \(600, group docker\)/,
    cure: [`chmod g+rw ${SOCKET}`, RESTART],
  },
  {
    fault: 'the user is not in the group, and the unit does not add it',
    break(host) {
      host.show(SERVICE, { SupplementaryGroups: '' });
      withoutGroup(host);
    },
    check: 'engine-socket',
    evidence: /the user spacelift cannot write/,
    cure: ['usermod --append --groups docker spacelift', RESTART],
  },
  {
    fault: 'the user joined the group after the launcher had started',
    break(host) {
      withoutGroup(host);
      host.edit('/etc/group', (text) => text.replace(/^(docker:.*)$/m, '$1spacelift'));
    },
    check: 'engine-socket',
    evidence: /the user spacelift cannot write/,
    cure: [RESTART],
  },
  {
    fault: 'every user can write to the socket',
    break: (host) => host.change(SOCKET, { mode: 0o666 }),
    check: 'engine-socket',
    evidence: /every user can write to .* \(666\), and so become root/,
    cure: [`chmod o-rwx ${SOCKET}`],
  },
  {
    fault: 'Docker does not answer',
    break: (host) => silent(host, 'Error response from daemon: context deadline exceeded'),
    check: 'engine',
    evidence: /does not answer: Error response from daemon: context deadline exceeded/,
    cure: ['systemctl restart docker', RESTART],
  },
  {
    fault: 'Docker is too old',
    break: (host) => inform(host, '19.03.15|1|cgroupfs|overlay2|linux/x86_64|runc '),
    check: 'engine',
    evidence: /docker 19\.03\.15/,
    cure: /Update Docker/,
  },
  {
    fault: 'the host has version 1 of control groups',
    break: (host) => inform(host, '26.1.5|1|cgroupfs|overlay2|linux/x86_64|runc '),
    check: 'engine',
    evidence: /control groups version 1/,
    cure: /boot with version 2/,
    isWarning: true,
  },
  {
    fault: 'Docker was not restarted since the launcher has a proxy',
    on: proxy,
    break: (host) => host.put('/proc/800/environ', 'PATH=/usr/bin\0'),
    check: 'daemon-proxy',
    evidence: /the launcher has HTTPS_PROXY, and Docker does not/,
    cure: ['systemctl daemon-reload', 'systemctl restart docker', RESTART],
    isWarning: true,
  },
  {
    fault: 'Docker has another proxy than the launcher',
    on: proxy,
    break: (host) => host.put('/proc/800/environ', 'HTTPS_PROXY=http://old.example.com:3128\0'),
    check: 'daemon-proxy',
    evidence: /the launcher has HTTPS_PROXY, and Docker has another value/,
    cure: ['systemctl daemon-reload', 'systemctl restart docker', RESTART],
    isWarning: true,
  },
];
