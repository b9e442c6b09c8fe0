import type { RecordedHost } from '../../../services/recorded-host/index.ts';
import { type Fault, RESTART } from './fault.ts';

const CHECK = '/usr/local/sbin/spacelift-worker-check';

/** The host's own check says that it is no worker. */
export function withWorkerCheck(host: RecordedHost, ...faults: readonly string[]): void {
  const report = {
    worker: faults.length === 0,
    comms: 'app.spacelift.io:443',
    connected: faults.length === 0,
    faults: faults.map((id) => ({ id, text: `what ${id} means` })),
  };
  host.programs.set(CHECK, () => ({ exitCode: faults.length === 0 ? 0 : 10, stdout: `${JSON.stringify(report)}\n` }));
}

export const workerFaults: readonly Fault[] = [
  {
    fault: 'the launcher runs and is not connected',
    break: (host) => withWorkerCheck(host, 'not-connected'),
    check: 'worker',
    about: 'not-connected',
    evidence: /^what not-connected means$/,
    cure: [RESTART],
  },
  {
    fault: 'the service is stopped, which the host itself says too',
    break(host) {
      withWorkerCheck(host, 'service-not-active', 'not-connected');
      host.show('spacelift-launcher.service', { ActiveState: 'inactive', Result: 'success', MainPID: '0' });
    },
    check: 'service',
    evidence: /it was stopped/,
    cure: ['systemctl start spacelift-launcher.service'],
  },
  {
    fault: 'an update failed, which the host itself says too',
    break(host) {
      withWorkerCheck(host, 'launcher-update-failed');
      host.put('/var/lib/spacelift-launcher/launcher-update', '1790000000 kept\n');
    },
    check: 'updates',
    about: 'launcher',
    evidence: /the last good launcher was kept/,
    cure: [RESTART],
  },
];
