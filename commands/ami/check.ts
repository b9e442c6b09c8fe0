import { amiCheck, type CheckedImage } from '../../src/ami/index.ts';
import { counted } from '../../src/core/text.ts';
import { FOUND_SOMETHING } from '../oclif/base.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import type { Column } from '../terminal/table.ts';

export default class Check extends InquiryCommand {
  static override summary = 'Show the age of machine images, and when they are deprecated or removed.';
  static override description =
    "On AWS, Spacelift's images are deprecated 364 days after their release and removed after 420; until then, instances can still start from them. Images of other accounts go by their own deprecation time. Asks AWS, with the AWS CLI's credentials, only for what files and names do not say; images of Azure and Google Cloud are looked up with az and gcloud, if they are installed. Exits with 10 if you need to act, and prints the command that finds Spacelift's newest image.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> spacelift-1760000000-x86_64',
    '<%= config.bin %> <%= command.id %> --auto-scaling-group spacelift-workers --region eu-west-1',
    '$ terraform show -json | <%= config.bin %> <%= command.id %> --terraform-state - --warn-days 60',
    '<%= config.bin %> <%= command.id %> ami-0a1b2c3d4e5f67890 --images-file images.json',
    '<%= config.bin %> <%= command.id %> projects/spacelift-workers/global/images/family/spacelift-worker',
  ];
  static override inputs = amiCheck.inputs;

  async run(): Promise<void> {
    const result = await this.inquire(amiCheck);
    const { formatTable } = await import('../terminal/table.ts');
    const format = ({ images, commands }: typeof result) =>
      images.length > 0
        ? `${formatTable(COLUMNS, images)}${formatNotes(images)}${formatCommands(commands)}`
        : 'No images in use\n';
    await this.print(result, format, result.actionNeeded ? FOUND_SOMETHING : 0);
  }
}

const COLUMNS: readonly Column<CheckedImage>[] = [
  { title: 'Image', cell: ({ id, name }) => id ?? name ?? '', canShrink: true },
  { title: 'Status', cell: formatStatus },
  { title: 'Architecture', cell: ({ architecture = '' }) => architecture },
  { title: 'Released', cell: ({ released }) => formatDay(released) },
  { title: 'Deprecated', cell: ({ deprecates }) => formatDay(deprecates) },
  { title: 'Removed', cell: ({ removed }) => formatDay(removed) },
  { title: 'Used by', cell: ({ usedBy }) => usedBy.join(', '), canShrink: true },
];

function formatNotes(images: readonly CheckedImage[]): string {
  const notes = images.flatMap(({ id, name, note }) => (note ? [`${id ?? name}: ${note}\n`] : []));
  return notes.length > 0 ? `\n${notes.join('')}` : '';
}

/** Formats the commands, each alone on an unbroken line. */
function formatCommands(commands: readonly string[]): string {
  if (commands.length === 0) return '';
  return `\nFind Spacelift's newest image:\n${commands.map((each) => `  ${each}\n`).join('')}`;
}

function formatStatus({ status, daysLeft = 0 }: CheckedImage): string {
  return status === 'deprecates soon' ? `deprecates in ${counted(daysLeft, 'day')}` : status;
}

function formatDay(date: Date | undefined): string {
  return date?.toISOString().slice(0, 10) ?? '';
}
