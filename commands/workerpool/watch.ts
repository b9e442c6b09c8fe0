import { watchedPool } from '../../src/spacelift/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import { isCi } from '../terminal/ci.ts';

export default class Watch extends InquiryCommand {
  static override summary = 'Watch a worker pool: its queue and its workers.';
  static override description =
    'Shows a live view on a terminal, with the first runs that wait; otherwise prints a line whenever something changes. With --json, prints one JSON document per line for every look, with up to 100 waiting runs. Press Ctrl-C to stop.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --pool-id 01HCC6QZ932J7WDF4FTVM9QMEP --every 10 --looks 60 --json',
  ];
  static override inputs = watchedPool.inputs;

  async run(): Promise<void> {
    const { json } = await this.commandLine();
    const looks = await this.inquire(watchedPool);
    const { drawView, printDocuments, printLines } = await import('../terminal/watch.ts');
    const isLive = process.stdout.isTTY === true && !isCi();
    await (json ? printDocuments : isLive ? drawView : printLines)(looks);
  }
}
