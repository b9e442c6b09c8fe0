import { sep as separator } from 'node:path';
import { interruptedError, isSystemError, UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { changeMode } from '../files/attributes.ts';
import { makeFolder } from '../files/folder.ts';
import { readFileIfExists } from '../files/read.ts';
import { writeFileWhole } from '../files/write.ts';
import type { Report } from './content.ts';
import type { FileChange, Outcome, Plan } from './plan.ts';

/** Throws the first refusal among the changes, so that nothing is touched when one of them cannot be made. */
export function refuseIfAny(plans: readonly Plan[]): void {
  for (const plan of plans) {
    for (const change of plan.changes) if (change.refusal) throw change.refusal;
  }
}

/** How to apply a plan. */
export interface ApplyOptions {
  readonly report?: Report;
  /** Directories for this user only, if they have to be created; those above others first. */
  readonly privateFolders?: readonly string[];
}

/**
 * Applies the changes of one plan that are not made yet, in order.
 * @returns the plan, with what the actions found out added to its notes, warnings and facts
 * @throws UserError as `writeFileWhole`, and what actions throw
 */
export async function apply(
  plan: Plan,
  signal: AbortSignal,
  { report = () => {}, privateFolders = [] }: ApplyOptions = {},
): Promise<Plan> {
  let applied = plan;
  for (const change of plan.changes) {
    if (signal.aborted) throw interruptedError();
    if (change.status !== 'create' && change.status !== 'change') continue;
    if (change.kind === 'file') await applyFile(change, signal, privateFolders, report);
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

async function applyFile(
  change: FileChange,
  signal: AbortSignal,
  privateFolders: readonly string[],
  report: Report,
): Promise<void> {
  const { path, mode, content, status, isModeOnly } = change;
  const bytes = await content.bytes(report);
  // Generating a key takes seconds and cannot be stopped: the signal may have aborted meanwhile.
  if (signal.aborted) throw interruptedError();
  if (await isChangedSince(change, bytes)) {
    throw new UserError('SPACECTL_WOULD_OVERWRITE', `${path} has changed since the plan was made`, {
      suggestions: ['Run the command again'],
    });
  }
  // Only the mode is changed, never the bytes: another process may have replaced them since they were compared.
  if (isModeOnly) return changeMode(path, mode);
  // A private directory is private from the start, whatever the first file in it or below it is.
  for (const folder of privateFolders) if (path.startsWith(folder + separator)) await makeFolder(folder, 0o700);
  try {
    await writeFileWhole(path, bytes, { mode, mayReplace: status === 'change' });
  } catch (error) {
    // If another process has created the same file meanwhile, there is nothing left to do. Nothing else means that one has.
    if (!(error instanceof UserError) || !isSystemError(error.cause, 'EEXIST')) throw error;
    if (!(await readFileIfExists(path).catch(() => undefined))?.equals(bytes)) throw error;
  }
}

/** Returns whether another process changed the file after it was planned, to anything but the wanted bytes. */
async function isChangedSince({ path, plannedAgainst }: FileChange, bytes: Uint8Array): Promise<boolean> {
  if (plannedAgainst === undefined) return false;
  const present = await readFileIfExists(path);
  return !present || (sha256(present) !== plannedAgainst && !present.equals(bytes));
}
