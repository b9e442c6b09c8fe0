import path from 'node:path';
import { known, later } from '../step/content.ts';
import type { FileChange } from '../step/plan.ts';
import type { StepPlan } from '../step/run.ts';
import { step } from '../step/step.ts';
import { leftoverTargets, leftoverWords } from './status/leftover.ts';

/**
 * Creates the step that records what is rendered for hosts, so that `spacectl status` can tell what was edited by hand. What
 * was rendered before, and is still there, stays in the record, and of what no target writes any more it says so.
 * @param isWhole whether the plans are of all targets that spacectl.yaml names
 */
export function recordRendered(plans: readonly StepPlan[], dir: string, isWhole: boolean) {
  const sections = plans.flatMap(({ step: { section } }) => section ?? []);
  const changes = plans
    .filter(({ step: { section } }) => section !== undefined)
    .flatMap(({ plan }) => plan.changes)
    .filter((change): change is FileChange => change.kind === 'file');
  const leftovers = isWhole ? leftoverTargets(dir, sections) : [];
  return step({
    id: 'rendered',
    title: 'the record of rendered files',
    inputs: {},
    when: () => changes.length > 0 || leftovers.length > 0,
    async plan(_, planner) {
      const { formatRendered, RENDERED_FILE } = await import('./status/rendered.ts');
      const notes = await Promise.all(leftovers.map((name) => leftoverWords(dir, name)));
      const file = path.join(dir, RENDERED_FILE);
      // A directory that is not set up by `init` or `apply` has no record, and gets none.
      if (changes.length === 0 || (!isWhole && !(await planner.read(file)))) return { changes: [], notes };
      const bytes = async () => Buffer.from(await formatRendered(dir, changes));
      const isKnown = changes.every(({ content }) => content.isKnown);
      const content = isKnown ? known(await bytes()) : later(bytes);
      return { changes: [await planner.file({ path: file, content })], notes };
    },
  });
}
