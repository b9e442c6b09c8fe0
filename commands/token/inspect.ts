import { inspection } from '../../src/pki/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';

export default class Inspect extends InquiryCommand {
  static override summary = 'Show what a worker pool token contains, without printing it.';
  static override description =
    'Shows its environment, where the launcher connects, its certificates and when they expire, and whether it was made for the key.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> my-pool/worker-pool.config',
    '$ cat worker-pool.config | <%= config.bin %> <%= command.id %> - --key spacelift.key --json',
  ];
  static override inputs = inspection.inputs;

  async run(): Promise<void> {
    await this.print(await this.inquire(inspection), format);
  }
}

function format(token: Awaited<ReturnType<typeof inspection.run>>): string {
  const belongs = { true: `yes, to ${token.key}`, false: `no, not to ${token.key}`, undefined: 'unknown' };
  const lines = [
    `Environment: ${token.environment}`,
    `Endpoint: ${token.endpoint ?? 'unknown'}`,
    ...token.certificates.map(
      ({ subject, expires, hasExpired }) =>
        `Certificate: ${subject}, ${hasExpired ? 'expired' : 'valid until'} ${expires}`,
    ),
    `Belongs to the key: ${belongs[`${token.belongsToKey}`]}`,
  ];
  return `${lines.join('\n')}\n`;
}
