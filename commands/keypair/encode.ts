import { encoding } from '../../src/pki/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Encode extends InquiryCommand {
  static override summary = 'Encode the exact bytes of a file as one line of base64, the same on every system.';
  static override description =
    'This is the format of SPACELIFT_POOL_PRIVATE_KEY. The output ends without a newline, except on a terminal. With --json, base64 holds the exact bytes of the output, and text the same bytes as UTF-8.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> spacelift.key',
    '$ (umask 077; <%= config.bin %> <%= command.id %> --decode < encoded.txt > spacelift.key)',
  ];
  static override inputs = encoding.inputs;

  async run(): Promise<void> {
    const bytes = Buffer.from(await this.inquire(encoding));
    const newline = process.stdout.isTTY && !bytes.includes('\n', -1) ? '\n' : '';
    await this.print(
      { size: bytes.length, text: bytes.toString('utf8'), base64: bytes.toString('base64') },
      Buffer.concat([bytes, Buffer.from(newline)]),
    );
  }
}
