import path from 'node:path';
import { portablePath } from '../../core/portable-path.ts';
import { listed, quoteIfNeeded } from '../../core/text.ts';
import type { Values } from '../../step/input.ts';
import type { NextStep } from '../../step/next.ts';
import type { ecsInputs } from './inputs.ts';

/** What task-definition.json has in place of answers that are missing. */
const PLACEHOLDERS = {
  region: ['REGION'],
  'token-secret-arn': ['ACCOUNT'],
  'private-key-secret-arn': ['ACCOUNT'],
  'execution-role-arn': ['ACCOUNT', 'ROLE'],
} as const;

type Given = Pick<Values<typeof ecsInputs>, keyof typeof PLACEHOLDERS>;

/** Returns the inputs without an answer for which task-definition.json has placeholders. */
export function unansweredInTask(given: Given): readonly (keyof typeof PLACEHOLDERS)[] {
  return (Object.keys(PLACEHOLDERS) as (keyof typeof PLACEHOLDERS)[]).filter((name) => given[name] === undefined);
}

/** Returns the steps that register the task definition on a cluster that Terraform does not create. */
export function registeringSteps(folder: string, given: Given, logGroup: string): readonly NextStep[] {
  const missing = unansweredInTask(given);
  const placeholders = [...new Set(missing.flatMap((name) => PLACEHOLDERS[name]))];
  const flags = missing.map((name) => `--${name}`);
  const first = missing.length > 0 ? `, after you replace ${listed(placeholders)} (or pass ${listed(flags)})` : '';
  const create = `aws logs create-log-group --log-group-name ${quoteIfNeeded(logGroup)}`;
  const register = {
    text: `Then register the task definition, with an AWS CLI of 2025 or later${first}`,
    command: `aws ecs register-task-definition --cli-input-json ${quoteIfNeeded(`file://${portablePath(path.join(folder, 'task-definition.json'))}`)}`,
  };
  return [
    { text: 'Or, for a cluster and instances that exist already: create the log group', command: create },
    register,
  ];
}
