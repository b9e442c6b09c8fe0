import path from 'node:path';
import { removeAbandoned } from '../files/temporary.ts';
import { assertTrustedFolder } from '../files/trusted-folder.ts';
import { apply, refuseIfAny } from './apply.ts';
import { answersFor } from './conversation.ts';
import type { Answers } from './input.ts';
import { type Change, createPlanner, type Plan, type Planner } from './plan.ts';
import { withProtection } from './protection.ts';
import type { Step } from './step.ts';

/** A piece of work with a title to show while it runs. */
export interface Task {
  readonly title: string;
  run(report: Planner['report']): Promise<void>;
}

/** Runs tasks one after the other, and shows their progress. */
export type RunTasks = (tasks: readonly Task[]) => Promise<void>;

export interface StepPlan {
  readonly step: Step;
  readonly plan: Plan;
}

/**
 * Plans all steps, each seeing what those before it are about to write. Nothing is written.
 * @throws UserError the first refusal, or what a step's `plan` throws; `SPACECTL_NOT_ALLOWED` as `assertTrustedFolder`
 */
export async function planSteps(
  steps: readonly Step[],
  answers: Answers,
  options: { signal: AbortSignal; force: boolean; runTasks: RunTasks },
): Promise<readonly StepPlan[]> {
  const plans: StepPlan[] = [];
  const planned: Change[] = [];
  const dir: unknown = Object.entries(answers).find(([name]) => name === 'dir')?.[1];
  if (typeof dir === 'string') await assertTrustedFolder(dir);
  await options.runTasks(
    steps.map((step) => ({
      title: `Prepare ${step.title}`,
      run: async (report) => {
        const planner = createPlanner({ ...options, step: step.id, canForce: step.canForce === true, planned, report });
        const plan = withProtection(await step.plan(answersFor(step, answers) as never, planner));
        plans.push({ step, plan });
        planned.push(...plan.changes);
      },
    })),
  );
  refuseIfAny(plans.map(({ plan }) => plan));
  return plans;
}

/**
 * Applies the plans in order; those that change nothing are skipped. Removes temporary files that a killed run left behind.
 * @returns the plans, with what their actions found out
 */
export async function applyPlans(
  plans: readonly StepPlan[],
  { signal, runTasks }: { signal: AbortSignal; runTasks: RunTasks },
): Promise<readonly StepPlan[]> {
  const files = plans.flatMap(({ plan }) =>
    plan.changes.flatMap((change) => (change.kind === 'file' ? change.path : [])),
  );
  for (const folder of new Set(files.map((file) => path.dirname(file)))) await removeAbandoned(folder);
  const folders = privateFolders(plans);
  const applied = [...plans];
  await runTasks(
    plans.flatMap(({ step, plan }, index) => {
      if (plan.changes.every((change) => change.status === 'unchanged')) return [];
      const run: Task['run'] = async (report) => {
        applied[index] = { step, plan: await apply(plan, signal, { report, privateFolders: folders }) };
      };
      return [{ title: titleOf(step, plan), run }];
    }),
  );
  return applied;
}

/** Lists the directories of new files that only this user may read. */
function privateFolders(plans: readonly StepPlan[]): readonly string[] {
  const files = plans.flatMap(({ plan }) => plan.changes).filter((change) => change.kind === 'file');
  const secrets = files.filter(
    ({ status, isSecret, isFolderShared }) => status === 'create' && isSecret && !isFolderShared,
  );
  return [...new Set(secrets.map((file) => path.dirname(file.path)))].sort();
}

/** Returns the title of the task that applies a plan: that of its only action, else one for the step. */
function titleOf({ title }: Step, { changes }: Plan): string {
  const actions = changes.filter((change) => change.kind === 'action' && change.status !== 'unchanged');
  const [action] = actions;
  if (action?.kind !== 'action') return `Write ${title}`;
  return actions.length === 1 ? action.title : `Work on ${title}`;
}
