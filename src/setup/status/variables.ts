import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { BadJson, readJson } from '../../core/json.ts';
import { listed, quoteIfNeeded } from '../../core/text.ts';
import { TARGETS, type TargetName } from '../../render/index.ts';
import { answersFor } from '../../step/conversation.ts';
import type { Answers } from '../../step/input.ts';
import { createPlanner } from '../../step/plan.ts';
import { isCheckout } from '../checkout.ts';
import { attention, type Finding, good, unknown } from './thing.ts';

/** Files that Terraform reads values of variables from (developer.hashicorp.com/terraform/language/values/variables). */
const VALUES = /^terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/;

/** Looks for variables that have no value: Terraform asks for them, and `spacectl deploy` fails. */
export async function variablesOf(
  name: TargetName,
  { dir, answers }: { readonly dir: string; readonly answers: Answers },
  signal: AbortSignal,
): Promise<Finding> {
  const { step, writes } = TARGETS[name];
  const planner = createPlanner({ step: step.id, planned: [], signal });
  const { facts } = await step.plan(answersFor(step, answers) as never, planner);
  const unanswered = facts?.['missingVariables'];
  const names = Array.isArray(unanswered) ? unanswered.map(String) : [];
  const set = await variablesSetIn(path.join(dir, writes));
  const missing = names.filter((each) => !set.includes(each) && process.env[`TF_VAR_${each}`] === undefined);
  if (missing.length === 0) return good('each has a value');
  const evidence = `${listed(missing)}: no value yet. Answer the questions again, or set them in ${writes}/terraform.tfvars`;
  // A job of CI may set them where it runs Terraform.
  if (isCheckout(dir)) return unknown(`${listed(missing)}: no value here`);
  return attention(evidence, `spacectl init ${quoteIfNeeded(dir)}`);
}

/** Returns the names of variables that files beside a configuration set. */
async function variablesSetIn(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder).catch(() => [])).filter((each) => VALUES.test(each));
  const names = files.map(async (each) => {
    const text = await readFile(path.join(folder, each), 'utf8');
    // What is indented is inside of a value.
    return each.endsWith('.json') ? keysOf(text) : [...text.matchAll(/^(\w+)[ \t]*=/gm)].map(([, found = '']) => found);
  });
  return (await Promise.all(names)).flat();
}

/** Returns the keys of a document. One that is damaged sets nothing: Terraform refuses it. */
function keysOf(text: string): readonly string[] {
  try {
    return Object.keys(readJson(v.record(v.string(), v.unknown()), text));
  } catch (error) {
    if (error instanceof BadJson) return [];
    throw error;
  }
}
