import { UserError } from '../../core/errors.ts';
import { releaseInputs, selfHostedInputs, sourceInputs } from '../../launcher/index.ts';
import { step } from '../../step/step.ts';

/** The newest launcher on this host, and the service restarted if it is another one. */
export const hostUpdate = step({
  id: 'hostUpdate',
  title: 'the launcher',
  inputs: { ...releaseInputs, ...sourceInputs, ...selfHostedInputs },
  async plan(values, planner) {
    if (process.getuid?.() !== 0) {
      throw new UserError('SPACECTL_NOT_ALLOWED', 'Updating needs root', {
        suggestions: ['sudo spacectl host update'],
      });
    }
    const { planUpdate } = await import('./update.ts');
    return planUpdate(values, planner);
  },
});
