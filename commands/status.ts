import path from 'node:path';
import { statusInputs, statusOf, statusParts } from '../src/setup/index.ts';
import { inputsOf } from '../src/step/conversation.ts';
import { FOUND_SOMETHING } from './oclif/base.ts';
import { InquiryCommand } from './oclif/inquiry-command.ts';
import { updateAll } from './oclif/update-all.ts';
import { print } from './terminal/output.ts';
import { printableValues } from './terminal/printable.ts';
import { stopSignal } from './terminal/signals.ts';

export default class Status extends InquiryCommand {
  static override summary = "Show where a pool's directory stands, with one command for each thing to do.";
  static override description =
    'Covers the key pair, pool, token and workers (read at Spacelift where there are credentials), CA bundle, what is rendered for hosts (fresh, stale or edited by hand), module releases, machine images, the hosts that spacectl.yaml names for SSH, and how workers talk to Spacelift. Changes nothing without --update, which builds again the CA bundle and rendered files that are stale, and leaves alone what was edited by hand. Exits with 10 if something needs doing: run it in a scheduled CI job.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> my-pool',
    '<%= config.bin %> <%= command.id %> my-pool --annotations github',
    '<%= config.bin %> <%= command.id %> my-pool --update',
  ];
  static override inputs = statusInputs;

  protected override async prompter(): Promise<undefined> {
    return undefined;
  }

  async run(): Promise<void> {
    const look = async () => this.answer({ ...inputsOf(statusParts), ...statusInputs });
    const answered = await look();
    const { annotations, update } = answered.values;
    const { json, answers } = await this.commandLine();
    const isQuiet = json === true || annotations !== undefined;
    const status = update
      ? await updateAll(async () => statusOf(await look(), stopSignal), answered, { isQuiet, answers })
      : await statusOf(answered, stopSignal);
    const exitCode = status.needsAttention ? FOUND_SOMETHING : 0;
    if (typeof annotations === 'string') {
      const { ANNOTATIONS, formatAnnotations } = await import('./terminal/annotations.ts');
      const kind = ANNOTATIONS.find((each) => each === annotations);
      if (kind) print(formatAnnotations(printableValues(status), kind));
      if (exitCode) this.exit(exitCode);
      return;
    }
    const { formatStatus } = await import('./terminal/status-report.ts');
    const document = json ? { ...status, dir: path.resolve(status.dir) } : status;
    await this.print(document, formatStatus, exitCode);
  }
}
