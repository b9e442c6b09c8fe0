import { type Inspected, inspection } from '../../src/ca-bundle/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import { style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';

export default class Inspect extends InquiryCommand {
  static override summary = 'Show the certificates in a bundle or any other certificate file.';
  static override description =
    'Reads PEM, DER and PKCS#7, as ca-bundle build does. Shows where each certificate came from (according to the lock file next to the bundle, or the comments in it), and which ones build would reject and why.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> custom-ca-bundle.crt --sort expiry',
    '<%= config.bin %> <%= command.id %> /etc/ssl/certs/ca-certificates.crt --filter "digicert"',
    '<%= config.bin %> <%= command.id %> corporate.p7b --rejected --json',
  ];
  static override inputs = inspection.inputs;

  async run(): Promise<void> {
    const result = await this.inquire(inspection);
    const { formatTable } = await import('../terminal/table.ts');
    await this.print(result, ({ items, total }) => {
      const certificates = items.filter(({ certificate }) => certificate);
      return `${formatTable(COLUMNS, certificates)}${remarksOn(items)}${items.length} of ${total} shown\n`;
    });
  }
}

/** Returns a line for each certificate that is rejected, and for each warning. */
function remarksOn(items: readonly Inspected[]): string {
  const remarks = items.flatMap((each) => [
    ...(each.rejected === undefined ? [] : [`${style.red('Rejected:')} ${nameOf(each)} ${each.rejected}\n`]),
    ...(each.remark === undefined ? [] : [`${style.yellow('Warning:')} ${nameOf(each)}: ${each.remark}\n`]),
    ...each.warnings.map((warning) => `${style.yellow('Warning:')} ${nameOf(each)} ${warning}\n`),
  ]);
  return remarks.join('');
}

const COLUMNS: readonly Column<Inspected>[] = [
  { title: '#', cell: ({ position }) => String(position), align: 'right' },
  { title: 'SUBJECT', cell: ({ certificate }) => certificate?.subject ?? '', canShrink: true, isCutAtStart: true },
  {
    title: 'ISSUER',
    cell: ({ certificate }) => (certificate?.isRoot ? 'itself' : (certificate?.issuer ?? '')),
    canShrink: true,
    isCutAtStart: true,
  },
  { title: 'KEY', cell: ({ certificate }) => certificate?.key ?? '' },
  { title: 'EXPIRES', cell: ({ certificate }) => certificate?.notAfter.slice(0, 10) ?? '' },
  { title: 'SHA-256', cell: ({ certificate }) => certificate?.fingerprint.slice(0, 23) ?? '' },
  ...(['go', 'openssl', 'gnutls', 'python', 'java', 'node'] as const).map(readerColumn),
  { title: 'FROM', cell: ({ origin = '' }) => origin },
  {
    title: 'BUILD',
    cell: ({ rejected }) => (rejected === undefined ? 'accepts' : 'rejects'),
    paint: (text, { rejected }) => (rejected === undefined ? text : style.red(text)),
  },
];

/** A column that says whether a reader trusts each certificate. */
function readerColumn(reader: 'go' | 'openssl' | 'gnutls' | 'python' | 'java' | 'node'): Column<Inspected> {
  return {
    title: reader.toUpperCase(),
    cell: ({ readers }) => (readers?.[reader].trusts ? 'yes' : 'no'),
    paint: (text, { readers }) => (readers?.[reader].trusts ? text : style.yellow(text)),
  };
}

function nameOf({ place, certificate }: Inspected): string {
  return certificate ? `${place} (${certificate.subject})` : place;
}
