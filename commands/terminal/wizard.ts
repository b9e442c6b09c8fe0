import path from 'node:path';
import { writeFileWhole } from '../../src/files/write.ts';
import { formatAnswers } from '../../src/step/answers.ts';
import type { Answered } from '../../src/step/ask.ts';
import type { Inputs } from '../../src/step/input.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { confirm } from './prompter.ts';
import { formatReport } from './report.ts';

/** Shows the plan, asks for a go-ahead, and offers to keep the answers for next time. */
export async function agreeToPlan(plans: readonly StepPlan[], inputs: Inputs, answered: Answered): Promise<boolean> {
  const changes = plans.map(({ step, plan }) => ({ step, plan: { changes: plan.changes } }));
  process.stderr.write(`\nThis is what will be done:\n${await formatReport(changes, { dryRun: true })}\n`);
  if (plans.every(({ plan }) => plan.changes.every(({ status }) => status === 'unchanged'))) return true;
  if (!(await confirm('Do it?', true))) {
    process.stderr.write('Nothing was changed.\n');
    return false;
  }
  await offerToSave(inputs, answered);
  return true;
}

/** Saves the answers, secrets left out, beside the files they led to. */
async function offerToSave(inputs: Inputs, answered: Answered): Promise<void> {
  const file = path.join(String(answered.values['dir']), 'spacectl-answers.yaml');
  if (!(await confirm(`Save the answers (no secrets) to ${file}?`, true))) return;
  const text = formatAnswers(inputs, answered);
  await writeFileWhole(path.resolve(file), Buffer.from(text), { mode: 0o644, mayReplace: true });
  process.stderr.write(`Run again with: spacectl init --answers ${file}\n`);
}
