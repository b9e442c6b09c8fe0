import { type HostStatus, hostStatus } from '../../src/host/index.ts';
import { FOUND_SOMETHING } from '../oclif/base.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Status extends InquiryCommand {
  static override summary = 'Show launcher, service and drift of this worker host.';
  static override description =
    "Compares what is installed with what was installed and, where the pool's folder is here (--dir, and the same answers as for host install), with what would be rendered now. Exit code 10 where something drifted, or an installation was not finished.";
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    'sudo <%= config.bin %> <%= command.id %> --dir my-pool --answers answers.yaml --json',
  ];
  static override inputs = hostStatus.inputs;

  async run(): Promise<void> {
    const status = await this.inquire(hostStatus);
    const isBad = status.drift.length > 0 || status.isUnfinished;
    await this.print(status, format(status), isBad ? FOUND_SOMETHING : 0);
  }
}

function format({ root, isInstalled, isUnfinished, launcher, service, drift, isCompared }: HostStatus): string {
  const compared = isCompared ? ' and as it would be rendered now' : '';
  const lines = [
    `Installed: ${isInstalled ? 'yes' : 'no, not by spacectl host install'}`,
    ...(isUnfinished ? ['Unfinished: an installation was stopped midway or failed; run it again'] : []),
    `Launcher: ${launcher ? `sha256 ${launcher.sha256.slice(0, 16)}…, ${launcher.days} days old` : 'none yet'}`,
    `Service: ${root === '/' ? describe(service) : 'not asked for: nothing runs in a tree'}`,
    ...(isInstalled
      ? [`Drift: ${drift.length === 0 ? `none; everything is as it was installed${compared}` : ''}`.trimEnd()]
      : []),
    ...drift.map(({ path, drift: how }) => `  ${how.padEnd(8)} ${path}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function describe(service: HostStatus['service']): string {
  if (!service) return 'systemd does not answer';
  const since = service.startedAt ? ` since ${service.startedAt.toISOString().slice(0, 19)}Z` : '';
  return `${service.active} (${service.detail})${since}`;
}
