import { counted } from '../../src/core/text.ts';
import { shownPool, type WorkerPool } from '../../src/spacelift/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import { printableLines } from '../terminal/printable.ts';
import { formatTime } from '../terminal/time.ts';

const formatSettings = ({ name, id, description, labels, space, driftDetectionRunLimit: limit, ...pool }: WorkerPool) =>
  [
    `${name} (${id})`,
    ...(description ? [description] : []),
    `Space ${space ?? 'unknown'}${labels?.length ? `, labels ${labels.join(', ')}` : ''}`,
    ...(pool.createdAt ? [`Created ${formatTime(pool.createdAt)} UTC`] : []),
    ...(pool.managedByK8sController ? ['Managed by a Kubernetes controller'] : []),
    `Concurrent drift detection runs: ${limit ?? 'no limit'}`,
    `${counted(pool.workers.length, 'worker')}, ${pool.busyWorkers} busy; ${counted(pool.pendingRuns, 'run')} waiting`,
    '',
  ]
    .map(printableLines)
    .join('\n');

export default class Show extends InquiryCommand {
  static override summary = 'Show a worker pool: its settings, workers, waiting runs and token.';
  static override description =
    "In the pool's directory, also compares the token there with the one that Spacelift has, without showing either.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP --json',
  ];
  static override inputs = shownPool.inputs;

  async run(): Promise<void> {
    const { pool, token } = await this.inquire(shownPool);
    const { formatWorkers, jsonWorker } = await import('../terminal/workers.ts');
    const document = { ...pool, workers: pool.workers.map(jsonWorker), ...(token && { token }) };
    const tokenLine = token ? `Token: ${[token.meaning, token.advice].filter(Boolean).join('. ')}\n` : '';
    await this.print(document, () => formatSettings(pool) + tokenLine + formatWorkers(pool.workers));
  }
}
