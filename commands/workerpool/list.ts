import { allPools, type ListedPool } from '../../src/spacelift/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import type { Column } from '../terminal/table.ts';

const columns: readonly Column<ListedPool>[] = [
  { title: 'ID', cell: ({ id }) => id },
  { title: 'Name', cell: ({ name }) => name, canShrink: true },
  { title: 'Space', cell: ({ space }) => space ?? '', canShrink: true },
  { title: 'Description', cell: ({ description }) => description ?? '', canShrink: true },
  { title: 'Waiting Runs', cell: ({ pendingRuns }) => String(pendingRuns), align: 'right' },
  { title: 'Busy Workers', cell: ({ busyWorkers }) => String(busyWorkers), align: 'right' },
  { title: 'Drained Workers', cell: ({ drainedWorkers }) => String(drainedWorkers), align: 'right' },
  { title: 'Workers', cell: ({ workersCount }) => String(workersCount), align: 'right' },
];

export default class List extends InquiryCommand {
  static override summary = 'List the worker pools of the account.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --profile acme --json',
  ];
  static override inputs = allPools.inputs;

  async run(): Promise<void> {
    const pools = await this.inquire(allPools);
    const { formatTable } = await import('../terminal/table.ts');
    await this.print(pools, (shown) => formatTable(columns, shown) || 'No worker pools\n');
  }
}
