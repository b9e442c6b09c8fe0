import { interruptedError, UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { readFileIfExists } from '../files/read.ts';
import { changeMode, writeFileWhole } from '../files/write.ts';
import type { FileChange, Outcome, Plan } from './plan.ts';

/** Throws the first refusal among the changes, so that nothing is touched when one of them cannot be made. */
export function refuseIfAny(plans: readonly Plan[]): void {
  for (const plan of plans) {
    for (const change of plan.changes) if (change.refusal) throw change.refusal;
  }
}

/**
 * Applies the changes of one plan that are not made yet, in order.
 * @returns the plan, with what came to light added to its notes, warnings and facts
 * @throws UserError as `writeFileWhole`, and what actions throw
 */
export async function apply(
  plan: Plan,
  signal: AbortSignal,
  report: (progress: string) => void = () => {},
): Promise<Plan> {
  let applied = plan;
  for (const change of plan.changes) {
    if (signal.aborted) throw interruptedError();
    if (change.status !== 'create' && change.status !== 'change') continue;
    if (change.kind === 'file') await applyFile(change, signal);
    else applied = withOutcome(applied, (await change.run(signal, report)) ?? {});
  }
  return applied;
}

function withOutcome(plan: Plan, { notes = [], warnings = [], facts = {} }: Outcome): Plan {
  return {
    ...plan,
    notes: [...(plan.notes ?? []), ...notes],
    warnings: [...(plan.warnings ?? []), ...warnings],
    facts: { ...plan.facts, ...facts },
  };
}

async function applyFile(change: FileChange, signal: AbortSignal): Promise<void> {
  const { path, mode, content, status, isModeOnly } = change;
  const bytes = await content.bytes();
  // Making them may have taken its time: a key is made in seconds, and cannot be stopped.
  if (signal.aborted) throw interruptedError();
  if (await isChangedSince(change, bytes)) {
    throw new UserError('SPACECTL_WOULD_OVERWRITE', `${path} has changed since the plan was made`, {
      suggestions: ['Run the command again'],
    });
  }
  // The bytes stay those that are there: between looking and writing somebody may have put others in their place.
  if (isModeOnly) return changeMode(path, mode);
  try {
    await writeFileWhole(path, bytes, { mode, mayReplace: status === 'change' });
  } catch (error) {
    // Another process did the same meanwhile: what is wanted is there.
    const isThere = (await readFileIfExists(path).catch(() => undefined))?.equals(bytes);
    if (status !== 'create' || !isThere) throw error;
  }
}

/** Whether somebody else changed the file while the plan waited for its yes; the wanted bytes are no such change. */
async function isChangedSince({ path, plannedAgainst }: FileChange, bytes: Uint8Array): Promise<boolean> {
  if (plannedAgainst === undefined) return false;
  const present = await readFileIfExists(path);
  return !present || (sha256(present) !== plannedAgainst && !present.equals(bytes));
}
