import { type Probed, probing } from '../../src/ca-bundle/index.ts';
import { ERROR_CODES } from '../../src/core/errors.ts';
import { FOUND_SOMETHING } from '../oclif/base.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import { style } from '../terminal/style.ts';

export default class Probe extends InquiryCommand {
  static override summary = 'Test whether servers are trusted by a bundle alone, with real TLS handshakes.';
  static override description =
    "Shows each server's chain, and which certificate in the bundle made it trusted or what is missing. Trusts only the bundle, and sends nothing after the handshake. Exits with 10 if a server is not trusted, 69 if one cannot be reached.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> gitlab.example.com:443 vault.example.com:8200',
    '<%= config.bin %> <%= command.id %> 10.0.0.7:443 --servername gitlab.example.com --bundle custom-ca-bundle.crt',
  ];
  static override inputs = probing.inputs;

  async run(): Promise<void> {
    const result = await this.inquire(probing);
    await this.print(result, ({ servers }) => servers.map(format).join(''), exitCodeFor(result.servers));
  }
}

/** Returns the exit code: an untrusted server is a finding, one that cannot be reached a failure. */
function exitCodeFor(servers: readonly Probed[]): number {
  if (servers.some(({ isReachable, isTrusted }) => isReachable && !isTrusted)) return FOUND_SOMETHING;
  return servers.every(({ isReachable }) => isReachable) ? 0 : ERROR_CODES.SPACECTL_UNREACHABLE.exit;
}

function format({ target, isTrusted, verdict, protocol, chain }: Probed): string {
  const colour = isTrusted ? style.green : style.red;
  const lines = [`${style.bold(target)}${protocol ? ` (${protocol})` : ''} ${colour(verdict)}`];
  for (const [index, { subject, notAfter }] of chain.entries()) {
    lines.push(`${'  '.repeat(index + 1)}${subject} ${style.dim(`until ${notAfter.slice(0, 10)}`)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
