import { step } from '../../step/step.ts';
import { ansibleInputs } from './inputs.ts';

/** Renders a role, a playbook and an inventory for existing hosts. */
export const ansible = step({
  id: 'ansible',
  section: 'ansible',
  title: 'the Ansible role',
  inputs: ansibleInputs,
  plan: async (values, planner) => (await import('./plan.ts')).planAnsible(values, planner),
});
