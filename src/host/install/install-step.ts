import { step } from '../../step/step.ts';
import { installInputs } from './inputs.ts';
import { requireRoot } from './require-root.ts';

/** Installs a worker on this machine, or in a file system tree for an image. */
export const hostInstall = step({
  id: 'hostInstall',
  title: 'the worker host',
  inputs: installInputs,
  async plan(values, planner) {
    requireRoot('Installing', 'sudo spacectl host install');
    const { planInstall } = await import('./install.ts');
    return planInstall(values, planner);
  },
});
