import { hostname } from 'node:os';
import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { hostInstall } from '../host/index.ts';
import { runProgram } from '../programs/index.ts';
import { systemd } from '../render/index.ts';
import { answersFor } from '../step/conversation.ts';
import type { Answers } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { readHostReport } from './host-report.ts';
import { hostTag } from './host-tag.ts';
import { ASK_HOST } from './installer-script.ts';
import type { DeploymentState } from './state.ts';

/** Plans to install this machine, as `spacectl host install` does. @throws UserError as that; `SPACECTL_NOT_ALLOWED` */
export async function planThisMachine(
  dir: string,
  answers: Answers,
  { planner, state }: { readonly planner: Planner; readonly state: DeploymentState },
): Promise<Plan> {
  if (process.getuid?.() !== 0) {
    const place = quoteIfNeeded(dir);
    throw new UserError('SPACECTL_NOT_ALLOWED', 'Installing this machine needs root', {
      suggestions: [
        { command: `sudo spacectl deploy ${place}` },
        { text: 'To install other hosts', command: `spacectl deploy ${place} --ssh HOST` },
        { text: 'To leave this machine out', command: `spacectl deploy ${place} --only TARGET` },
      ],
    });
  }
  const given = answersFor(systemd, answers);
  const plan = await hostInstall.plan({ ...given, root: undefined } as never, planner);
  const hasSecrets = plan.facts?.['hasSecrets'] === true;
  if (hasSecrets) {
    state.expected++;
    const name = hostname();
    state.groups.push({
      hosts: [{ name, tag: hostTag(name, given) }],
      ask: async (_, signal) => [{ host: name, ...(await askThisMachine(signal)) }],
    });
  }
  const start = plan.changes.findLast(({ kind }) => kind === 'action');
  if (hasSecrets && start !== undefined && start.status !== 'unchanged') state.started++;
  return { ...plan, next: [] };
}

async function askThisMachine(signal: AbortSignal) {
  const { stdout } = await runProgram('sh', ['-s'], { signal, input: ASK_HOST });
  return readHostReport(stdout.toString('utf8').split('\n'));
}
