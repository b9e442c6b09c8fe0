import { type Probed, type ProbedBy, probing } from '../../src/ca-bundle/index.ts';
import { ERROR_CODES } from '../../src/core/errors.ts';
import { FOUND_SOMETHING } from '../oclif/base.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import { style } from '../terminal/style.ts';

export default class Probe extends InquiryCommand {
  static override summary = 'Test whether Go and OpenSSL trust servers with a bundle alone, with real TLS handshakes.';
  static override description =
    "Shows what Go (Terraform and its providers) and OpenSSL (curl, Python) decide and why, and the chain that the server sends. Shakes hands twice, with what each of them offers; trusts only the bundle, as each of them reads it; and sends nothing after the handshakes. Takes the bundle in every format of 'ca-bundle build'. Exits with 10 if Go or OpenSSL does not trust a server, 69 if one cannot be reached.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> gitlab.example.com:443 vault.example.com:8200',
    '<%= config.bin %> <%= command.id %> https://gitlab.example.com/api/v4 --bundle custom-ca-bundle.crt.b64',
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

function format({ target, isTrusted, verdict, protocol, go, openssl, chain }: Probed): string {
  const colour = isTrusted ? style.green : style.red;
  const isSplit = go && openssl && go.reason !== openssl.reason;
  const lines = [
    `${style.bold(target)}${protocol ? ` (${protocol})` : ''} ${colour(isSplit ? whoTrusts(go, openssl) : verdict)}`,
  ];
  if (isSplit) lines.push(`  Go: ${formatReason(go)}`, `  OpenSSL: ${formatReason(openssl)}`);
  for (const [index, { subject, notAfter }] of chain.entries()) {
    lines.push(`${'  '.repeat(index + 1)}${subject} ${style.dim(`until ${notAfter.slice(0, 10)}`)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function whoTrusts(go: ProbedBy, openssl: ProbedBy): string {
  if (go.isTrusted && openssl.isTrusted) return 'trusted';
  return go.isTrusted ? 'not trusted by OpenSSL' : `not trusted${openssl.isTrusted ? ' by Go' : ''}`;
}

function formatReason({ isTrusted, reason }: ProbedBy): string {
  return `${isTrusted ? style.green('trusted') : style.red('not trusted')}: ${reason}`;
}
