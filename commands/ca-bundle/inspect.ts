import {
  CLIENT_NAMES,
  type Client,
  type Inspected,
  type InspectedImage,
  inspection,
  NOT_EXAMINED,
} from '../../src/ca-bundle/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import { style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';

export default class Inspect extends InquiryCommand {
  static override summary =
    'Show the certificates in a bundle or any other certificate file, or which programs in an image see a bundle.';
  static override description =
    'Reads PEM, DER and PKCS#7, as ca-bundle build does. Shows where each certificate came from (according to the lock file next to the bundle, or the comments in it), and which ones build would reject and why. For an image, reads all layers and shows which clients it has, which files they read, and whether they see a bundle that is mounted where build says.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> custom-ca-bundle.crt --sort expiry',
    '<%= config.bin %> <%= command.id %> /etc/ssl/certs/ca-certificates.crt --filter "digicert"',
    '<%= config.bin %> <%= command.id %> corporate.p7b --rejected --json',
    '<%= config.bin %> <%= command.id %> registry.example.com/runner:1.4',
  ];
  static override inputs = inspection.inputs;

  async run(): Promise<void> {
    const result = await this.inquire(inspection);
    const { formatTable } = await import('../terminal/table.ts');
    if ('clients' in result) {
      return this.print(result, (image) => formatTable(CLIENT_COLUMNS, image.clients) + summaryOf(image));
    }
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

/** Says where to mount the bundle, and what to do for clients that do not see it. */
function summaryOf({ image, bundle, remarks }: InspectedImage): string {
  const where = bundle === undefined ? `${image} has no bundle` : `The bundle of ${image} is ${bundle}`;
  return [where, ...remarks].map((each) => `${each}\n`).join('');
}

const CLIENT_COLUMNS: readonly Column<Client>[] = [
  { title: 'CLIENT', cell: ({ client }) => CLIENT_NAMES[client] },
  {
    title: 'SEES THE BUNDLE',
    cell: describeSight,
    paint: (text, { sees }) => (sees === 'no' ? style.red(text) : text),
  },
  { title: 'READS', cell: ({ reads }) => reads.join(', '), canShrink: true },
  {
    title: 'HOW KNOWN',
    cell: ({ basis, source }) => (source === NOT_EXAMINED ? '' : `${basis}: ${source}`),
    canShrink: true,
  },
];

function describeSight({ sees, variable, source }: Client): string {
  if (source === NOT_EXAMINED) return source;
  if (sees === 'with variable') return `with ${variable}`;
  return sees === 'unknown' && variable ? `not known; with ${variable}` : sees;
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
