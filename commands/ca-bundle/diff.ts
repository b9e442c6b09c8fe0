import { type Difference, difference } from '../../src/ca-bundle/index.ts';
import { counted } from '../../src/core/text.ts';
import { FOUND_SOMETHING } from '../oclif/base.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import { style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';

export default class Diff extends InquiryCommand {
  static override summary = 'Show the certificates added, removed or distrusted between two bundles.';
  static override description =
    'Compares bundle files, or the bundles in images. Certificates are compared by SHA-256; their order and the text around them do not matter. A certificate whose TRUSTED CERTIFICATE block rejects TLS servers counts as distrusted.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> old.crt custom-ca-bundle.crt',
    '<%= config.bin %> <%= command.id %> custom-ca-bundle.crt registry.example.com/runner:1.5 --exit-code',
  ];
  static override inputs = difference.inputs;

  async run(): Promise<void> {
    const { exitCode, ...result } = await this.inquire(difference);
    const { formatTable } = await import('../terminal/table.ts');
    const code = exitCode && result.differences.length > 0 ? FOUND_SOMETHING : 0;
    const format = ({ differences, same }: typeof result) =>
      `${formatTable(COLUMNS, differences)}${counted(differences.length, 'difference')}, ${counted(same, 'certificate')} in both\n`;
    await this.print(result, format, code);
  }
}

const COLUMNS: readonly Column<Difference>[] = [
  {
    title: 'CHANGE',
    cell: ({ change }) => change,
    paint: (text, { change }) => (change === 'added' || change === 'trusted' ? style.green(text) : style.red(text)),
  },
  { title: 'SUBJECT', cell: ({ subject }) => subject, canShrink: true, isCutAtStart: true },
  { title: 'EXPIRES', cell: ({ notAfter }) => notAfter.slice(0, 10) },
  { title: 'SHA-256', cell: ({ fingerprint }) => fingerprint.slice(0, 23) },
];
