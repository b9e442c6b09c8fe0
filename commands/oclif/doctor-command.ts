import type { Diagnosis } from '../../src/host/index.ts';
import { style } from '../terminal/style.ts';
import { FOUND_SOMETHING } from './base.ts';
import { InquiryCommand } from './inquiry-command.ts';

const SHOWN = {
  good: style.green('ok     '),
  warning: style.yellow('warning'),
  bad: style.red('failed '),
  skipped: style.dim('skipped'),
} as const;

/** A command that prints a diagnosis, and ends with 10 where something is wrong. */
export abstract class DoctorCommand extends InquiryCommand {
  protected async tell(diagnosis: Diagnosis): Promise<void> {
    await this.print(diagnosis, format(diagnosis), diagnosis.isHealthy ? 0 : FOUND_SOMETHING);
  }
}

function format({ checks, isHealthy }: Diagnosis): string {
  const lines = checks.flatMap(({ title, findings }) =>
    findings.flatMap(({ status, about, evidence, fix }) => [
      `${SHOWN[status]} ${style.bold(title)}${about ? ` ${about}` : ''}: ${evidence}`,
      ...(fix ? [`        ${style.dim('→')} ${fix}`] : []),
    ]),
  );
  return `${[...lines, isHealthy ? 'Nothing is wrong.' : 'Something is wrong: see above.'].join('\n')}\n`;
}
