import { step } from '../../step/step.ts';
import { dockerInputs } from './inputs.ts';

/** Renders files that run the launcher as a container, for a host without a systemd unit. */
export const docker = step({
  id: 'docker',
  section: 'docker',
  title: 'the container files',
  canForce: true,
  inputs: dockerInputs,
  plan: async (values, planner) => (await import('./plan.ts')).planDocker(values, planner),
});
