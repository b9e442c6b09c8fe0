import type { Diagnosis } from '../../src/host/index.ts';
import { style } from '../terminal/style.ts';
import { FOUND_SOMETHING } from './base.ts';
import { InquiryCommand } from './inquiry-command.ts';

const LABELS = {
  good: style.green('ok     '),
  warning: style.yellow('warning'),
  bad: style.red('failed '),
  skipped: style.dim('skipped'),
} as const;

/** Base of commands that print a diagnosis. They exit with 10 if something is wrong. */
export abstract class DoctorCommand extends InquiryCommand {
  protected async printDiagnosis(diagnosis: Diagnosis): Promise<void> {
    await this.print(diagnosis, format, diagnosis.isHealthy ? 0 : FOUND_SOMETHING);
  }
}

function format({ checks, isHealthy }: Diagnosis): string {
  const titles = new Map(checks.map(({ id, title }) => [id, title]));
  const lines = checks.flatMap(({ title, findings }) =>
    findings.flatMap(({ status, about, evidence, fix, commands = [], because }) => [
      `${LABELS[status]} ${style.bold(title)}${about ? ` ${about}` : ''}: ${evidence}${because ? ` (see ${titles.get(because) ?? because})` : ''}`,
      ...(fix ? [`        ${style.dim('→')} ${fix}${commands.length > 0 ? ':' : ''}`] : []),
      ...commands.map((command) => `          ${command}`),
    ]),
  );
  return `${[...lines, isHealthy ? 'No problems found.' : 'Problems found, see above.'].join('\n')}\n`;
}
