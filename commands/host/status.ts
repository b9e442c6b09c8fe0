import { counted } from '../../src/core/text.ts';
import { type HostStatus, hostStatus, type WorkerReport } from '../../src/host/index.ts';
import { FOUND_SOMETHING } from '../oclif/base.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Status extends InquiryCommand {
  static override summary = 'Tell whether this host is a worker; show its launcher, service and drift.';
  static override description =
    "Runs spacelift-worker-check, which needs root. Compares the files on this host with what was installed and, if the pool's directory is here (--dir, with the same answers as for host install), with what would be rendered now. Exits with 0 only if this host is a worker, no file drifted and no installation is unfinished; otherwise with 10. With --root, no service is checked, and a tree without an installation is a finding.";
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    'sudo <%= config.bin %> <%= command.id %> --dir my-pool --answers answers.yaml --json',
  ];
  static override inputs = hostStatus.inputs;

  async run(): Promise<void> {
    const status = await this.inquire(hostStatus);
    // Under --root no worker runs, so that the installation is what is asked for.
    const isWorker = status.root === '/' ? status.worker?.worker === true : status.isInstalled;
    const isGood = isWorker && status.drift.length === 0 && !status.isUnfinished;
    await this.print(status, format, isGood ? 0 : FOUND_SOMETHING);
  }
}

function format({ root, isInstalled, isUnfinished, launcher, service, worker, drift, isCompared }: HostStatus): string {
  const compared = isCompared ? ' and what would be rendered now' : '';
  const lines = [
    ...(root === '/' ? formatWorker(worker) : []),
    `Installed: ${isInstalled ? 'yes' : `no: ${root === '/' ? 'this host' : root} has no record of an installation`}`,
    ...(isUnfinished ? ['Unfinished: an installation was interrupted or failed; run it again'] : []),
    `Launcher: ${launcher ? `sha256 ${launcher.sha256.slice(0, 16)}…, ${counted(launcher.days, 'day')} old` : 'not downloaded yet'}`,
    `Service: ${root === '/' ? formatService(service) : 'not checked: no service runs under --root'}`,
    ...(isInstalled
      ? [`Drift: ${drift.length === 0 ? `none; all files match what was installed${compared}` : ''}`.trimEnd()]
      : []),
    ...drift.map(({ path, drift: how }) => `  ${how.padEnd(8)} ${path}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function formatService(service: HostStatus['service']): string {
  if (!service) return 'systemd does not respond';
  const since = service.startedAt ? ` since ${service.startedAt.toISOString().slice(0, 19)}Z` : '';
  return `${service.active} (${service.detail})${since}`;
}

function formatWorker(report: WorkerReport | undefined): readonly string[] {
  if (!report) return ['Worker: not known: spacelift-worker-check is not installed'];
  const { worker, comms, faults, warnings } = report;
  const summary = worker ? `yes, connected to ${comms ?? 'Spacelift'}` : worker === false ? 'no' : 'not known';
  return [`Worker: ${summary}`, ...[...faults, ...warnings].map(({ id, text }) => `  ${id}: ${text}`)];
}
