import { step } from '../../../step/step.ts';
import { gcpInputs } from './inputs.ts';
import { gcpRules } from './rules.ts';

/** Renders a root module for Spacelift's managed instance group on Google Cloud. */
export const terraformGcp = step({
  id: 'terraformGcp',
  section: 'terraform-gcp',
  title: 'the Terraform configuration for Google Cloud',
  canForce: true,
  inputs: gcpInputs,
  rules: gcpRules,
  plan: async (values, planner) => (await import('./plan.ts')).planGcp(values, planner),
});
