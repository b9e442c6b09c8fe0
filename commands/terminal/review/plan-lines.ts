import type { FileChange } from '../../../src/step/plan.ts';
import type { StepPlan } from '../../../src/step/run.ts';
import { formatChange } from '../report.ts';
import type { PlanLine } from './review-view.ts';

/** Lists what exists and what would be done, in the order of the plans. */
export async function planLines(plans: readonly StepPlan[]): Promise<readonly PlanLine[]> {
  const lines: PlanLine[] = [];
  for (const change of plans.flatMap(({ plan }) => plan.changes)) {
    const text = await formatChange(change, true);
    const isShown = change.kind === 'file' && canBeShown(change);
    lines.push(isShown ? { text, file: change.path } : { text });
  }
  return lines;
}

/** Finds the planned content of a file. @returns `undefined` if it is secret, not known yet or not text */
export async function plannedText(plans: readonly StepPlan[], file: string): Promise<string | undefined> {
  const change = plans
    .flatMap(({ plan }) => plan.changes)
    .find((each) => each.kind === 'file' && each.path === file && canBeShown(each));
  return change?.kind === 'file' ? Buffer.from(await change.content.bytes()).toString('utf8') : undefined;
}

function canBeShown({ isSecret, content }: FileChange): boolean {
  return !isSecret && content.isKnown;
}
