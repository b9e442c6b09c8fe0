import type { Plan, Planner } from '../step/plan.ts';
import { step } from '../step/step.ts';
import { hasCustom } from './base/inputs.ts';
import type { BundleValues } from './build.ts';
import { buildInputs, wizardInputs } from './inputs.ts';

/** The step of `spacectl ca-bundle build`. */
export const caBundle = step({ id: 'caBundle', title: 'the CA bundle', canForce: true, inputs: buildInputs, plan });

/** The step of the wizard, which is skipped without a custom certificate. */
export const optionalCaBundle = step({
  id: 'caBundle',
  title: 'the CA bundle',
  canForce: true,
  inputs: wizardInputs,
  when: hasCustom,
  plan,
});

async function plan(given: BundleValues, planner: Planner): Promise<Plan> {
  return (await import('./build.ts')).planBundle(given, planner);
}
