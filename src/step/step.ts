import type { Complete, Inputs, Values } from './input.ts';
import type { Plan, Planner } from './plan.ts';
import type { Rule } from './rule.ts';

/** One unit of provisioning: what it needs to know, and what it would change once it knows. */
export interface Step<I extends Inputs = Inputs> {
  /** Short name in reports and JSON documents. */
  readonly id: string;
  /** What the step is about, as it reads after "Prepare" and "Write" in the task list: "the key pair". */
  readonly title: string;
  /**
   * Whether `--force` has an effect: the step replaces files only if spacectl made them, or refuses an action. The commands of
   * other steps do not have the flag.
   */
  readonly canForce?: boolean;
  readonly inputs: I;
  /** The section of spacectl.yaml for the inputs that have none of their own: each target has one. */
  readonly section?: string;
  /** Which answers contradict each other. `plan` enforces them; prompts say so at the second answer. */
  readonly rules?: readonly Rule[];
  /** Whether the step has anything to do, given all answers. */
  when?(values: Values<I>): boolean;
  /** Finds out what the step would change. May read files and the network; writes nothing. */
  plan(values: Values<I>, planner: Planner): Promise<Plan>;
}

/** Infers the input types of a step from its definition. */
export function step<const I extends Inputs>(definition: Step<I> & { readonly inputs: Complete<I> }): Step<I> {
  return definition;
}
