import { PID } from '../../../services/recorded-host/index.ts';
import { type Fault, RESTART, SERVICE, SETTINGS } from './fault.ts';

const DROP_IN = '/etc/systemd/system/spacelift-launcher.service.d/local.conf';
const withoutDropIn = [`mv ${DROP_IN} ${DROP_IN}.disabled`, 'systemctl daemon-reload', RESTART];

const dropIn = (fault: string, text: string, evidence: RegExp): Fault => ({
  fault: `a drop-in: ${fault}`,
  break: (host) => host.dropIn(`[Service]\n${text}\n`),
  check: 'units',
  about: DROP_IN,
  evidence,
  cure: withoutDropIn,
});

const stopped = (properties: Record<string, string>) => (host: Parameters<Fault['break']>[0]) => {
  host.show(SERVICE, { ActiveState: 'failed', SubState: 'failed', MainPID: '0', ...properties });
};

export const serviceFaults: readonly Fault[] = [
  {
    fault: 'nothing is installed',
    break(host) {
      for (const name of [...host.files.keys()])
        if (name.startsWith('/etc/spacelift/') || name.includes('spacelift-')) host.files.delete(name);
      host.files.delete('/var/lib/spacectl/host.json');
      host.files.set('/var/run/docker.sock', host.files.get('/var/run/docker.sock') ?? raise());
      host.files.delete('/opt/spacelift');
      host.files.delete('/var/log/spacelift');
      host.edit('/etc/passwd', (text) => text.replace(/^spacelift.*\n/m, ''));
      host.units.delete(SERVICE);
    },
    check: 'units',
    evidence: /is not installed/,
    cure: /spacectl host install --dir DIR/,
  },
  {
    fault: 'Docker is masked',
    break(host) {
      host.show('docker.service', { LoadState: 'masked', ActiveState: 'inactive', MainPID: '0' });
      host.files.delete('/var/run/docker.sock');
      host.programs.set('docker', (args) =>
        args[0] === '--version' ? {} : { exitCode: 1, stderr: 'Cannot connect to the Docker daemon' },
      );
      stopped({ ActiveState: 'inactive', Result: 'success' })(host);
    },
    check: 'units',
    about: 'docker.service',
    evidence: /is masked/,
    cure: ['systemctl unmask docker.service', 'systemctl start docker.service', `systemctl start ${SERVICE}`],
  },
  {
    fault: "Podman's socket is masked",
    on: ['--engine', 'podman'],
    break(host) {
      host.show('spacelift-podman.socket', { LoadState: 'masked', ActiveState: 'inactive' });
      host.files.delete('/run/spacelift-podman.sock');
    },
    check: 'units',
    about: 'spacelift-podman.socket',
    evidence: /is masked/,
    cure: [
      'systemctl unmask spacelift-podman.socket',
      'systemctl start spacelift-podman.socket',
      `systemctl start ${SERVICE}`,
    ],
  },
  {
    fault: 'the launcher is masked',
    break(host) {
      host.show(SERVICE, { LoadState: 'masked', ActiveState: 'inactive', MainPID: '0', UnitFileState: 'masked' });
      host.put(`/etc/systemd/system/${SERVICE}`, '');
    },
    check: 'units',
    about: SERVICE,
    evidence: /is masked/,
    cure: /Unmask it and install again/,
  },
  {
    fault: 'systemd has not read the changed unit',
    break: (host) => host.show(SERVICE, { NeedDaemonReload: 'yes' }),
    check: 'units',
    about: SERVICE,
    evidence: /changed since systemd read them/,
    cure: ['systemctl daemon-reload', `systemctl restart ${SERVICE}`],
  },
  {
    fault: "systemd has not read Docker's changed unit",
    break: (host) => host.show('docker.service', { NeedDaemonReload: 'yes' }),
    check: 'units',
    about: 'docker.service',
    evidence: /changed since systemd read them/,
    cure: ['systemctl daemon-reload', 'systemctl restart docker.service'],
  },
  dropIn('the launcher runs as root', 'User=root', /User=root: the launcher runs as another user/),
  dropIn('another program starts', 'ExecStart=\nExecStart=/usr/bin/spacelift-launcher', /starts another program/),
  dropIn('/tmp is private', 'PrivateTmp=yes', /PrivateTmp=yes: the engine does not see files in \/tmp/),
  dropIn('the settings are dropped', 'EnvironmentFile=', /gets no settings and no token/),
  dropIn("Docker's group is dropped", 'SupplementaryGroups=', /loses its access to the engine/),
  dropIn('almost no files may be opened', 'LimitNOFILE=64', /LimitNOFILE=64: the launcher may open too few files/),
  dropIn('almost no threads may be started', 'TasksMax=8', /TasksMax=8: the launcher may start too few threads/),
  dropIn('/opt/spacelift is read-only', 'ReadOnlyPaths=/opt/spacelift', /cannot work in \/opt\/spacelift/),
  dropIn(
    'only Unix sockets are allowed',
    'RestrictAddressFamilies=\nRestrictAddressFamilies=AF_UNIX',
    /cannot use the network/,
  ),
  {
    fault: 'the weekly restart is stopped',
    on: ['--recycle'],
    break: (host) => host.show('spacelift-recycle.timer', { ActiveState: 'inactive' }),
    check: 'units',
    about: 'spacelift-recycle.timer',
    evidence: /is inactive/,
    cure: ['systemctl enable --now spacelift-recycle.timer'],
  },
  {
    fault: 'the service was stopped',
    break: stopped({ ActiveState: 'inactive', SubState: 'dead', Result: 'success' }),
    check: 'service',
    evidence: /it was stopped; the last line of its log: launcher: connection lost/,
    cure: [`systemctl start ${SERVICE}`],
  },
  {
    fault: 'the service failed',
    break: stopped({ Result: 'exit-code', ExecMainStatus: '1' }),
    check: 'service',
    evidence: /it ended with exit-code, exit code 1/,
    cure: [`systemctl start ${SERVICE}`],
  },
  {
    fault: 'the launcher is killed for want of memory',
    break: stopped({ Result: 'oom-kill', ActiveState: 'activating', SubState: 'auto-restart' }),
    check: 'service',
    evidence: /the memory was used up/,
    cure: [RESTART],
  },
  {
    fault: 'the launcher fails again and again',
    break: stopped({ ActiveState: 'activating', SubState: 'auto-restart', Result: 'exit-code', NRestarts: '12' }),
    check: 'service',
    evidence: /it fails and is started again/,
    cure: /journalctl -u spacelift-launcher/,
  },
  {
    fault: 'the service does not start at boot',
    break: (host) => host.show(SERVICE, { UnitFileState: 'disabled' }),
    check: 'service',
    evidence: /does not start at the next boot/,
    cure: [`systemctl enable ${SERVICE}`],
    isWarning: true,
  },
  {
    fault: 'the settings were installed, and the launcher was not restarted',
    break: (host) =>
      host.edit(`/proc/${PID}/environ`, (text) =>
        text.replace(/SPACELIFT_WORKER_COMMS_URL=[^\0]*/, 'SPACELIFT_WORKER_COMMS_URL=https://old.example.com'),
      ),
    check: 'process',
    evidence: /runs with values that differ from the installed ones: SPACELIFT_WORKER_COMMS_URL$/,
    cure: [RESTART],
  },
  {
    fault: "the launcher runs with another pool's token",
    break: (host) =>
      host.edit(`/proc/${PID}/environ`, (text) => text.replace(/SPACELIFT_TOKEN=[^\0]*/, 'SPACELIFT_TOKEN=another')),
    check: 'process',
    evidence: /differ from the installed ones: SPACELIFT_TOKEN$/,
    cure: [RESTART],
  },
  {
    fault: 'the unit itself was edited: the launcher runs as root',
    break: (host) => host.edit(`/proc/${PID}/status`, (text) => text.replace(/^Uid:.*$/m, 'Uid:\t0\t0\t0\t0')),
    check: 'process',
    evidence: /runs as root, not as spacelift/,
    cure: /User=spacelift/,
  },
  {
    fault: 'the launcher may open few files, by a limit of systemd itself',
    break: (host) => host.edit(`/proc/${PID}/limits`, (text) => text.replace('524288', '256   ')),
    check: 'process',
    evidence: /can open only 256 files/,
    cure: /LimitNOFILE/,
  },
  {
    fault: 'a new launcher was installed, and the old one runs',
    break: ({ links }) => links.set(`/proc/${PID}/exe`, '/usr/local/bin/spacelift-launcher (deleted)'),
    check: 'process',
    evidence: /another launcher was installed since it started/,
    cure: [RESTART],
    isWarning: true,
  },
  {
    fault: "a launcher of Spacelift's own scripts runs beside this one",
    break(host) {
      host.put('/proc/77', '', { kind: 'directory' });
      host.put('/proc/77/cgroup', '0::/system.slice/cloud-final.service\n');
      host.links.set('/proc/77/exe', '/usr/bin/spacelift-launcher');
    },
    check: 'process',
    about: 'process 77',
    evidence: /process 77 is another launcher, \/usr\/bin\/spacelift-launcher/,
    cure: ['kill 77'],
  },
  {
    fault: 'systemd ignores a line of the settings',
    break: (host) => host.edit(SETTINGS, (text) => `export SPACELIFT_DEBUG=true\n${text}`),
    check: 'environment-files',
    about: SETTINGS,
    evidence: /systemd ignores line 1/,
    cure: /NAME=VALUE, without export/,
  },
  {
    fault: 'the settings are gone',
    break(host) {
      host.files.delete(SETTINGS);
      stopped({ Result: 'resources' })(host);
    },
    check: 'environment-files',
    evidence: /launcher\.env does not exist/,
    cure: /spacectl host install --dir DIR/,
  },
];

function raise(): never {
  throw new Error('there is no such file');
}
