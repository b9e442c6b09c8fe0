import { step } from '../../step/step.ts';
import { awsInputs } from './aws-inputs.ts';

/** A root module for the vendor's auto-scaling group on EC2. */
export const terraformAws = step({
  id: 'terraformAws',
  title: 'the Terraform configuration for AWS',
  inputs: awsInputs,
  plan: async (values, planner) => (await import('./aws.ts')).planAws(values, planner),
});
