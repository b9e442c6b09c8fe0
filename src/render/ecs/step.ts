import { step } from '../../step/step.ts';
import { ecsInputs } from './inputs.ts';

/** ECS on EC2: the vendor has no module for it. */
export const ecs = step({
  id: 'ecs',
  title: 'the ECS configuration',
  inputs: ecsInputs,
  plan: async (values, planner) => (await import('./plan.ts')).planEcs(values, planner),
});
