import { openedPool } from '../../../src/spacelift/index.ts';
import { InquiryCommand } from '../../oclif/inquiry-command.ts';

export default class ListWorkers extends InquiryCommand {
  static override summary = 'List the workers of a worker pool.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP',
    '<%= config.bin %> <%= command.id %> --dir my-pool --json',
  ];
  static override inputs = openedPool.inputs;

  async run(): Promise<void> {
    const { workers } = await this.inquire(openedPool);
    const { formatWorkers, jsonWorker } = await import('../../terminal/workers.ts');
    await this.print(workers.map(jsonWorker), () => formatWorkers(workers));
  }
}
