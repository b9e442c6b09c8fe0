import { UserError } from '../../core/errors.ts';
import { step } from '../../step/step.ts';
import { installInputs } from './inputs.ts';

/** This machine, or a tree for an image, as a worker host. */
export const hostInstall = step({
  id: 'hostInstall',
  title: 'the worker host',
  inputs: installInputs,
  async plan(values, planner) {
    if (process.getuid?.() !== 0) {
      throw new UserError('SPACECTL_NOT_ALLOWED', 'Installing needs root', {
        suggestions: ['sudo spacectl host install …'],
      });
    }
    const { planInstall } = await import('./install.ts');
    return planInstall(values, planner);
  },
});
