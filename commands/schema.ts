import { InquiryCommand } from './oclif/inquiry-command.ts';
import { readSchema } from './oclif/manifest.ts';
import { print } from './terminal/output.ts';

export default class Schema extends InquiryCommand {
  static override summary = 'Print the JSON Schema of spacectl.yaml, for editors and validators.';
  static override description =
    'init and apply write the same to spacectl.schema.json beside the file, whose first line names it for editors.';
  static override examples = ['<%= config.bin %> <%= command.id %> > spacectl.schema.json'];

  async run(): Promise<void> {
    await this.commandLine();
    print(readSchema());
  }
}
