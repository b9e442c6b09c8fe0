import { step } from '../../../step/step.ts';
import { azureInputs } from './inputs.ts';
import { azureRules } from './rules.ts';

/** Renders a root module for Spacelift's virtual machine scale set on Azure. */
export const terraformAzure = step({
  id: 'terraformAzure',
  section: 'terraform-azure',
  title: 'the Terraform configuration for Azure',
  canForce: true,
  inputs: azureInputs,
  rules: azureRules,
  plan: async (values, planner) => (await import('./plan.ts')).planAzure(values, planner),
});
