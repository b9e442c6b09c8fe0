import { step } from '../../../step/step.ts';
import { awsInputs } from './inputs.ts';
import { awsRules } from './rules.ts';

/** Renders a root module for Spacelift's Auto Scaling group on EC2. */
export const terraformAws = step({
  id: 'terraformAws',
  section: 'terraform-aws',
  title: 'the Terraform configuration for AWS',
  canForce: true,
  inputs: awsInputs,
  rules: awsRules,
  plan: async (values, planner) => (await import('./plan.ts')).planAws(values, planner),
});
