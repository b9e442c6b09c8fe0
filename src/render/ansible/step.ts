import { step } from '../../step/step.ts';
import { hostRules } from '../host/check-answers.ts';
import { ansibleInputs } from './inputs.ts';
import { ansibleRules } from './rules.ts';

/** Renders a role, a playbook and an inventory for existing hosts. */
export const ansible = step({
  id: 'ansible',
  section: 'ansible',
  title: 'the Ansible role',
  canForce: true,
  inputs: ansibleInputs,
  rules: [...ansibleRules, ...hostRules],
  plan: async (values, planner) => (await import('./plan.ts')).planAnsible(values, planner),
});
