import { step } from '../../../step/step.ts';
import { awsInputs } from './inputs.ts';

/** A root module for the vendor's auto-scaling group on EC2. */
export const terraformAws = step({
  id: 'terraformAws',
  title: 'the Terraform configuration for AWS',
  inputs: awsInputs,
  plan: async (values, planner) => (await import('./plan.ts')).planAws(values, planner),
});
