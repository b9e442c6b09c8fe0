import { allProfiles, type ListedProfile } from '../../src/spacelift/index.ts';
import { InquiryCommand } from '../oclif/inquiry-command.ts';
import type { Column } from '../terminal/table.ts';

const columns: readonly Column<ListedProfile>[] = [
  { title: 'Current', cell: ({ isCurrent }) => (isCurrent ? '*' : '') },
  { title: 'Alias', cell: ({ alias }) => alias },
  { title: 'Endpoint', cell: ({ endpoint }) => endpoint },
  {
    title: 'Type',
    cell: ({ method }) => (method ? { apikey: 'API Key', github: 'GitHub', token: 'API Token' }[method] : 'unknown'),
  },
];

export default class List extends InquiryCommand {
  static override summary = 'List profiles, without their secrets.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    const profiles = await this.inquire(allProfiles);
    const { formatTable } = await import('../terminal/table.ts');
    await this.print(
      profiles,
      (shown) => formatTable(columns, shown) || 'No profiles. Log in with: spacectl profile login ALIAS\n',
    );
  }
}
