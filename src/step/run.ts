import path from 'node:path';
import { removeAbandoned } from '../files/write.ts';
import { apply, refuseIfAny } from './apply.ts';
import type { Answers } from './input.ts';
import { type Change, createPlanner, type Plan, type Planner } from './plan.ts';
import type { Step } from './step.ts';

/** A piece of work with a name, for whoever shows that it is going on. */
export interface Task {
  readonly title: string;
  run(report: Planner['report']): Promise<void>;
}

/** Runs tasks one after the other, and shows it in its own way. */
export type RunTasks = (tasks: readonly Task[]) => Promise<void>;

export interface StepPlan {
  readonly step: Step;
  readonly plan: Plan;
}

/**
 * Plans all steps, each seeing what those before it are about to write. Nothing is written.
 * @throws UserError the first refusal, or what a step's `plan` throws
 */
export async function planSteps(
  steps: readonly Step[],
  answers: Answers,
  options: { signal: AbortSignal; force: boolean; runTasks: RunTasks },
): Promise<readonly StepPlan[]> {
  const plans: StepPlan[] = [];
  const planned: Change[] = [];
  await options.runTasks(
    steps.map((step) => ({
      title: `Prepare ${step.title}`,
      run: async (report) => {
        const planner = createPlanner({ ...options, step: step.id, planned, report });
        const plan = await step.plan(answers as never, planner);
        plans.push({ step, plan });
        planned.push(...plan.changes);
      },
    })),
  );
  refuseIfAny(plans.map(({ plan }) => plan));
  return plans;
}

/**
 * Applies the plans in order; those that change nothing are left as they are. What a killed run left behind is removed.
 * @returns the plans, with what came to light while they were applied
 */
export async function applyPlans(
  plans: readonly StepPlan[],
  { signal, runTasks }: { signal: AbortSignal; runTasks: RunTasks },
): Promise<readonly StepPlan[]> {
  const files = plans.flatMap(({ plan }) =>
    plan.changes.flatMap((change) => (change.kind === 'file' ? change.path : [])),
  );
  for (const folder of new Set(files.map((file) => path.dirname(file)))) await removeAbandoned(folder);
  const applied = [...plans];
  await runTasks(
    plans.flatMap(({ step, plan }, index) => {
      if (plan.changes.every((change) => change.status === 'unchanged')) return [];
      const run: Task['run'] = async (report) => {
        applied[index] = { step, plan: await apply(plan, signal, report) };
      };
      return [{ title: titleOf(step, plan), run }];
    }),
  );
  return applied;
}

/** Names what a plan does: files are written, an action is called what it is. */
function titleOf({ title }: Step, { changes }: Plan): string {
  const actions = changes.filter((change) => change.kind === 'action' && change.status !== 'unchanged');
  const [action] = actions;
  if (action?.kind !== 'action') return `Write ${title}`;
  return actions.length === 1 ? action.title : `Work on ${title}`;
}
