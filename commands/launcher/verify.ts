import { verification } from '../../src/launcher/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Verify extends InquiryCommand {
  static override summary = 'Check that a file is the currently published launcher.';
  static override description =
    'Compares it with the signed checksums. Exits with 76 if it differs; a genuine but older launcher differs too.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> /usr/local/bin/spacelift-launcher',
    '<%= config.bin %> <%= command.id %> spacelift-launcher-x86_64 --offline-dir . --signing-key launcher-signing-key.asc',
  ];
  static override inputs = verification.inputs;

  async run(): Promise<void> {
    const result = await this.inquire(verification);
    await this.print(result, ({ file, name, signedAt, fingerprint, warnings }) => {
      const signed = `signed on ${signedAt.toISOString().slice(0, 10)} by ${fingerprint}`;
      return `${file} is ${name}, ${signed}\n${warnings.map((each) => `Warning: ${each}\n`).join('')}`;
    });
  }
}
