import { amiCheck, type CheckedImage } from '../../src/ami/index.ts';
import { FOUND_SOMETHING } from '../oclif/base.ts';
import { argumentsFor, flagsFor } from '../oclif/flags.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import type { Column } from '../terminal/table.ts';

export default class Check extends InquiryCommand {
  static override summary = "Say how old the vendor's machine images are, and when they go away.";
  static override description =
    'An image is deprecated 364 days after its release (no new instances start from it) and removed after 420. Asks EC2 with the credentials of the AWS command line only for what files and names do not say. Exit code 10 when it is time to act.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> spacelift-1760000000-x86_64',
    '<%= config.bin %> <%= command.id %> --auto-scaling-group spacelift-workers --region eu-west-1',
    '$ terraform show -json | <%= config.bin %> <%= command.id %> --terraform-state - --warn-days 60',
    '<%= config.bin %> <%= command.id %> ami-0a1b2c3d4e5f67890 --images-file images.json',
  ];
  static override args = argumentsFor(amiCheck.inputs);
  static override flags = flagsFor(amiCheck.inputs);

  async run(): Promise<void> {
    const result = await this.inquire(amiCheck);
    const { formatTable } = await import('../terminal/table.ts');
    const table = formatTable(COLUMNS, result.images) || 'Nothing runs an image\n';
    await this.print(result, table, result.actionNeeded ? FOUND_SOMETHING : 0);
  }
}

const COLUMNS: readonly Column<CheckedImage>[] = [
  { title: 'Image', cell: ({ id, name }) => id ?? name ?? '' },
  { title: 'Fate', cell: fateInWords },
  { title: 'Architecture', cell: ({ architecture = '' }) => architecture },
  { title: 'Released', cell: ({ released }) => day(released) },
  { title: 'Deprecated', cell: ({ deprecates }) => day(deprecates) },
  { title: 'Used by', cell: ({ usedBy }) => usedBy.join(', '), shrinks: true },
];

function fateInWords({ fate, daysLeft = 0 }: CheckedImage): string {
  return fate === 'deprecates soon' ? `deprecates in ${daysLeft} days` : fate;
}

function day(date: Date | undefined): string {
  return date?.toISOString().slice(0, 10) ?? '';
}
