import { UserError } from '../../../core/errors.ts';
import type { Values } from '../../../step/input.ts';
import { type Rule, rule } from '../../../step/rule.ts';
import { sameArchitecture } from '../../cloud/aws/instance-type.ts';
import { acceptedSpotRisk } from '../../cloud/aws/spot.ts';
import type { awsInputs } from './inputs.ts';

type Given = Values<typeof awsInputs>;

/** Answers that contradict each other. */
export const awsRules: readonly Rule<Given>[] = [
  acceptedSpotRisk,
  rule(['min-size', 'max-size'], ({ 'min-size': least, 'max-size': most }: Given) => {
    if (least > most) throw bad(`--min-size ${least} is greater than --max-size ${most}`);
  }),
  sameArchitecture,
];

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}
