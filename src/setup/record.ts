import path from 'node:path';
import { known, later } from '../step/content.ts';
import type { FileChange } from '../step/plan.ts';
import type { StepPlan } from '../step/run.ts';
import { step } from '../step/step.ts';

/** Creates the step that records what is rendered for hosts, so that `spacectl status` can tell what was edited by hand. */
export function recordRendered(plans: readonly StepPlan[]) {
  const changes = plans
    .filter(({ step: { section } }) => section !== undefined)
    .flatMap(({ plan }) => plan.changes)
    .filter((change): change is FileChange => change.kind === 'file');
  return step({
    id: 'rendered',
    title: 'the record of rendered files',
    inputs: {},
    when: () => changes.length > 0,
    async plan(values, planner) {
      const { formatRendered, RENDERED_FILE } = await import('./status/rendered.ts');
      const dir = 'dir' in values ? String(values.dir) : '.';
      const bytes = async () => Buffer.from(await formatRendered(dir, changes));
      const isKnown = changes.every(({ content }) => content.isKnown);
      const content = isKnown ? known(await bytes()) : later(bytes);
      return { changes: [await planner.file({ path: path.join(dir, RENDERED_FILE), content })] };
    },
  });
}
