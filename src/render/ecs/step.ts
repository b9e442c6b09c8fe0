import { step } from '../../step/step.ts';
import { ecsInputs } from './inputs.ts';
import { ecsRules } from './rules.ts';

/** Renders a configuration for ECS on EC2, for which Spacelift has no module. */
export const ecs = step({
  id: 'ecs',
  section: 'ecs',
  title: 'the ECS configuration',
  canForce: true,
  inputs: ecsInputs,
  rules: ecsRules,
  plan: async (values, planner) => (await import('./plan.ts')).planEcs(values, planner),
});
