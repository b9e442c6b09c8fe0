import type { Part } from '../../step/conversation.ts';
import { choice } from '../../step/input.ts';
import type { Step } from '../../step/step.ts';
import type { Cloud } from '../cloud/limits.ts';
import { terraformAws } from './aws/step.ts';
import { terraformAzure } from './azure/step.ts';
import { terraformGcp } from './gcp/step.ts';

/** The step that renders the Terraform configuration of each cloud. */
export const TERRAFORM_STEPS: Readonly<Record<Cloud, Step>> = {
  aws: terraformAws,
  azure: terraformAzure,
  gcp: terraformGcp,
};

const CLOUDS = Object.keys(TERRAFORM_STEPS) as readonly Cloud[];

/** The cloud that `render terraform` renders for. */
export const terraformCloud = choice({
  summary: 'Cloud to render for',
  variable: 'SPACECTL_TERRAFORM_CLOUD',
  question: 'Which cloud?',
  choices: CLOUDS.map((value) => ({ value })),
});

/** One part of the conversation for each cloud, which takes part if the cloud was chosen. */
export const terraformParts: readonly Part[] = CLOUDS.map((name) => ({
  step: TERRAFORM_STEPS[name],
  when: ({ cloud }) => cloud === name,
}));
