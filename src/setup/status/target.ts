import { existsSync } from 'node:fs';
import path from 'node:path';
import { BUNDLE_FILE } from '../../ca-bundle/index.ts';
import { portablePath } from '../../core/portable-path.ts';
import { sha256 } from '../../core/sha256.ts';
import { counted, quoteIfNeeded } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import { tokenFilesIn } from '../../pool-folder/index.ts';
import { TARGETS, type TargetName } from '../../render/index.ts';
import { answersFor } from '../../step/conversation.ts';
import type { Answers } from '../../step/input.ts';
import { createPlanner, type FileChange } from '../../step/plan.ts';
import type { Rendered } from './rendered.ts';
import { attention, type Finding, good, none, stale, unknown } from './thing.ts';

/** What a target is compared with. */
export interface Comparison {
  readonly dir: string;
  readonly answers: Answers;
  readonly isChosen: boolean;
  /** Whether the pool exists, so that there is a token, here or elsewhere. */
  readonly hasPool: boolean;
  /** What `init` or `apply` wrote last. */
  readonly rendered: Rendered;
}

/** Compares what is rendered of a target with what would be rendered now: fresh, stale, or edited by hand. */
export async function targetOf(
  name: TargetName,
  { dir, answers, isChosen, hasPool, rendered }: Comparison,
  signal: AbortSignal,
): Promise<Finding> {
  const { step, writes } = TARGETS[name];
  const again = renderAgain(name, dir, isChosen);
  if (!existsSync(path.join(dir, writes))) {
    return isChosen ? stale('not rendered yet', again, 'apply') : none('not wanted');
  }
  const { changes } = await step.plan(
    answersFor(step, answers) as never,
    createPlanner({ step: step.id, planned: [], signal }),
  );
  const differing = changes.filter((change): change is FileChange => change.kind === 'file' && isDifferent(change));
  const [first] = differing;
  if (!first) return good(`${writes}: fresh`);
  const nameOf = ({ path: file }: FileChange) => portablePath(path.relative(dir, file));
  const more = differing.length > 1 ? ` and ${counted(differing.length - 1, 'more file')}` : '';
  const edited: string[] = [];
  for (const change of differing) if (await isEdited(change, rendered[nameOf(change)])) edited.push(nameOf(change));
  if (edited[0] !== undefined) {
    const evidence = `${edited[0]} was edited after it was rendered. Rendering it again replaces it`;
    return { ...attention(evidence, again, edited[0]), isEdited: true };
  }
  // What a token says, such as the URL that workers poll, is in rendered files; a copy of the bundle is as it was built.
  const mayDependOnToken = differing.some(({ path: file }) => path.basename(file) !== BUNDLE_FILE);
  if (hasPool && tokenFilesIn(dir).length === 0 && mayDependOnToken)
    return unknown(`${nameOf(first)}${more} may depend on the token, which is not here`);
  const evidence = `${nameOf(first)}${more} would be rendered differently now`;
  return isChosen ? stale(evidence, again, 'apply', nameOf(first)) : attention(evidence, again, nameOf(first));
}

/** Returns the command that renders a target again. @param isChosen whether spacectl.yaml names it */
export function renderAgain(name: TargetName, dir: string, isChosen: boolean): string {
  return isChosen
    ? `spacectl apply ${quoteIfNeeded(dir)}`
    : `spacectl ${TARGETS[name].command} --dir ${quoteIfNeeded(dir)}`;
}

/**
 * A checkout keeps no mode, and the key and the token of a secret are elsewhere. A README has commands with the path of the
 * folder as it was named in that run.
 */
function isDifferent({ status, path: file, isModeOnly = false, isSecret }: FileChange): boolean {
  if (status === 'unchanged' || isModeOnly || path.basename(file) === 'README.md') return false;
  return !(isSecret && status === 'create');
}

async function isEdited({ path: file, status, isSecret }: FileChange, written: string | undefined): Promise<boolean> {
  if (status === 'create' || isSecret || written === undefined) return false;
  const bytes = await readFileIfExists(file);
  return bytes !== undefined && sha256(bytes) !== written;
}
