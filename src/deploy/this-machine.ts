import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { hostInstall } from '../host/index.ts';
import { systemd } from '../render/index.ts';
import { answersFor } from '../step/conversation.ts';
import type { Answers } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import type { Crew } from './crew.ts';

/** Plans to install this machine, as `spacectl host install` does. @throws UserError as that; `SPACECTL_NOT_ALLOWED` */
export async function planThisMachine(
  dir: string,
  answers: Answers,
  { planner, crew }: { readonly planner: Planner; readonly crew: Crew },
): Promise<Plan> {
  if (process.getuid?.() !== 0) {
    const place = quoteIfNeeded(dir);
    throw new UserError('SPACECTL_NOT_ALLOWED', 'Installing this machine needs root', {
      suggestions: [
        `sudo spacectl deploy ${place}`,
        `To install other hosts: spacectl deploy ${place} --ssh HOST`,
        `To leave this machine out: spacectl deploy ${place} --only TARGET`,
      ],
    });
  }
  const plan = await hostInstall.plan({ ...answersFor(systemd, answers), root: undefined } as never, planner);
  const hasSecrets = plan.facts?.['hasSecrets'] === true;
  if (hasSecrets) crew.expected++;
  const start = plan.changes.findLast(({ kind }) => kind === 'action');
  if (hasSecrets && start !== undefined && start.status !== 'unchanged') crew.started++;
  return { ...plan, next: [] };
}
