import { UserError } from '../../../core/errors.ts';
import type { Values } from '../../../step/input.ts';
import { type Rule, rule } from '../../../step/rule.ts';
import type { gcpInputs } from './inputs.ts';

type Given = Values<typeof gcpInputs>;

/** Answers that contradict each other: the name of a zone is that of its region and a letter (Compute Engine, "Regions and zones"). */
export const gcpRules: readonly Rule<Given>[] = [
  rule(['region', 'zone'], ({ region, zone }: Given) => {
    if (region === undefined || zone === undefined || zone.slice(0, -2) === region) return;
    throw new UserError('SPACECTL_BAD_INPUT', `--zone ${zone} is not in --region ${region}`, {
      suggestions: [`--zone ${region}-b, or --region ${zone.slice(0, -2)}`],
    });
  }),
];
