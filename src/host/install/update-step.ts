import { releaseInputs, selfHostedInputs, sourceInputs } from '../../launcher/index.ts';
import { step } from '../../step/step.ts';
import { requireRoot } from './require-root.ts';

/** Updates the launcher on this host, and restarts the service if the launcher changed. */
export const hostUpdate = step({
  id: 'hostUpdate',
  title: 'the launcher',
  inputs: { ...releaseInputs, ...sourceInputs, ...selfHostedInputs },
  async plan(values, planner) {
    requireRoot('Updating', 'sudo spacectl host update');
    const { planUpdate } = await import('./update.ts');
    return planUpdate(values, planner);
  },
});
