import type { Complete, Inputs, Values } from './input.ts';

/** Something that is worked out or checked and changes nothing: it has inputs as a step has, and a result, not a plan. */
export interface Inquiry<I extends Inputs = Inputs, R = unknown> {
  readonly inputs: I;
  run(values: Values<I>, signal: AbortSignal): Promise<R>;
}

/** Infers the types of an inquiry from its definition. */
export function inquiry<const I extends Inputs, R>(
  definition: Inquiry<I, R> & { readonly inputs: Complete<I> },
): Inquiry<I, R> {
  return definition;
}
