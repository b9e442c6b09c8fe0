import { inspection, tokenSource } from '../../src/pool-folder/index.ts';
import type { Values } from '../../src/step/input.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import { say } from '../terminal/output.ts';
import { stopSignal } from '../terminal/signals.ts';

export default class Inspect extends InquiryCommand {
  static override summary = 'Show what a worker pool token contains, without printing it.';
  static override description =
    "Shows its environment, where the launcher connects, its certificates and when they expire, and whether it was made for the key. Without FILE, reads the token of the pool's directory, if --dir names one or the working directory is one; else standard input.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '$ cat worker-pool.config | <%= config.bin %> <%= command.id %> - --key spacelift.key --json',
  ];
  static override inputs = inspection.inputs;

  async run(): Promise<void> {
    const { values } = await this.answer(inspection.inputs);
    const given = values as Values<typeof inspection.inputs>;
    if (tokenSource(given) === '-' && process.stdin.isTTY) say('Reading a token from standard input; Ctrl-D ends it');
    await this.print(await inspection.run(given, stopSignal), format);
  }
}

function format(token: Awaited<ReturnType<typeof inspection.run>>): string {
  const belongs = { true: `yes, to ${token.key}`, false: `no, not to ${token.key}`, undefined: 'unknown' };
  const lines = [
    `Token: ${token.file === '-' ? 'standard input' : token.file}`,
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
