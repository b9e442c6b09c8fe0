import { writeFileWhole } from '../files/write.ts';
import { interruption } from './errors.ts';
import type { FileChange, Plan } from './plan.ts';

/** Throws the first refusal among the changes, so that nothing is touched when one of them cannot be made. */
export function refuseIfAny(plans: readonly Plan[]): void {
  for (const plan of plans) {
    for (const change of plan.changes) if (change.refusal) throw change.refusal;
  }
}

/** Makes the changes of one plan that are not made yet. @throws UserError as `writeFileWhole` */
export async function apply(plan: Plan, signal: AbortSignal): Promise<void> {
  for (const change of plan.changes) {
    if (signal.aborted) throw interruption();
    await applyFile(change);
  }
}

async function applyFile({ path, mode, content, status }: FileChange): Promise<void> {
  if (status !== 'create' && status !== 'change') return;
  await writeFileWhole(path, await content.bytes(), { mode, mayReplace: status === 'change' });
}
