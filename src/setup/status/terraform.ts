import path from 'node:path';
import { renderedRelease, TARGETS, type TargetName } from '../../render/index.ts';
import type { Answers } from '../../step/input.ts';
import { renderAgain } from './target.ts';
import { attention, type Finding, good, none, stale } from './thing.ts';

/** Looks at the release of Spacelift's module that a configuration uses. */
export async function releaseOf(
  name: TargetName,
  { dir, answers, isChosen }: { dir: string; answers: Answers; isChosen: boolean },
): Promise<Finding> {
  const found = await renderedRelease(path.join(dir, TARGETS[name].writes));
  if (!found) return none('does not use a Spacelift module');
  const { used, newest } = found;
  if (used === newest) return good(`${used}, the newest release that spacectl knows completely`);
  const pinned = answers[`${name}/module-version`];
  if (pinned !== undefined) return good(`${used}, as ${name}.module-version says; spacectl knows ${newest}`);
  const file = `${TARGETS[name].writes}/main.tf`;
  const evidence = `uses ${used}; spacectl knows ${newest}`;
  const again = renderAgain(name, dir, isChosen);
  return isChosen ? stale(evidence, again, 'apply', file) : attention(evidence, again, file);
}
