import { encoding } from '../../src/pki/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Encode extends InquiryCommand {
  static override summary = 'Encode the exact bytes of a file as base64 on one line; the same on every system.';
  static override description =
    'The form SPACELIFT_POOL_PRIVATE_KEY takes. No newline at the end, unless it goes to a terminal. With --json, base64 holds the exact bytes that come out, text the same as UTF-8.';
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
