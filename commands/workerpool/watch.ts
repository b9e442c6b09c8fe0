import { watchedPool } from '../../src/spacelift/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Watch extends InquiryCommand {
  static override summary = 'Watch a worker pool: workers, busy, drained, runs waiting.';
  static override description =
    'On a terminal a live view; without one, a line whenever something changes. With --json one document a line for every look. Ctrl-C ends it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP --every 10 --looks 60 --json',
  ];
  static override inputs = watchedPool.inputs;

  async run(): Promise<void> {
    const { json } = await this.commandLine();
    const looks = await this.inquire(watchedPool);
    const { asDocuments, asLines, asView } = await import('../terminal/watch.ts');
    const isLive = process.stdout.isTTY === true && !process.env['CI'];
    await (json ? asDocuments : isLive ? asView : asLines)(looks);
  }
}
