import type { Values } from '../../step/input.ts';
import type { Rule } from '../../step/rule.ts';
import { sameArchitecture } from '../cloud/aws/instance-type.ts';
import { acceptedSpotRisk } from '../cloud/aws/spot.ts';
import type { ecsInputs } from './inputs.ts';

/** Answers that contradict each other. */
export const ecsRules: readonly Rule<Values<typeof ecsInputs>>[] = [acceptedSpotRisk, sameArchitecture];
