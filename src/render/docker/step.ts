import { step } from '../../step/step.ts';
import { dockerInputs } from './inputs.ts';

/** The launcher as a container, for a host where a unit is not wanted. */
export const docker = step({
  id: 'docker',
  title: 'the container files',
  inputs: dockerInputs,
  plan: async (values, planner) => (await import('./plan.ts')).planDocker(values, planner),
});
