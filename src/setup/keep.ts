import path from 'node:path';
import { inForceIn } from '../ca-bundle/index.ts';
import type { Answered } from '../step/ask.ts';
import type { Inputs } from '../step/input.ts';
import type { StepPlan } from '../step/run.ts';
import { step } from '../step/step.ts';

/** What `spacectl init` keeps of a run. */
export interface Run {
  readonly inputs: Inputs;
  readonly answered: Answered;
  readonly plans: readonly StepPlan[];
  /** The JSON Schema of `spacectl.yaml`. */
  readonly schema: string;
}

/**
 * Creates the step that keeps the answers in `spacectl.yaml`, beside it the schema, and a `.gitignore` for all secrets,
 * files that answers name included. An
 * empty answer about the bundle keeps the folder's, and the file says so: it never says less than what is in force.
 */
export function keepAnswers({ inputs, answered, plans, schema }: Run, saves: boolean) {
  return step({
    id: 'poolFile',
    title: 'spacectl.yaml',
    inputs: {},
    async plan(_, planner) {
      const { chosenAnswers, planPoolFile } = await import('../pool-folder/pool-file/index.ts');
      const dir = String(answered.values['dir']);
      const secrets = plans
        .flatMap(({ plan }) => plan.changes)
        .flatMap((change) => (change.kind === 'file' && change.isSecret ? [change.path] : []));
      const given = Object.entries(inputs).flatMap(([name, { kind }]) =>
        kind === 'secret' ? (answered.texts[name] ?? []) : [],
      );
      const secretFiles = given.filter((file) => file !== '-').map((file) => path.resolve(file));
      const chosen = chosenAnswers(inputs, answered);
      const isBundleChosen = (answered.texts['ca'] ?? []).length > 0;
      const inForce = isBundleChosen ? [] : Object.entries(await inForceIn(dir));
      const kept = inForce.flatMap(([name, texts]) => (inputs[name] ? [{ name, input: inputs[name], texts }] : []));
      return planPoolFile(
        { dir, schema, secrets: [...secrets, ...secretFiles], answers: saves ? [...chosen, ...kept] : [] },
        planner,
      );
    },
  });
}
