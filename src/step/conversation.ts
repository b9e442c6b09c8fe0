import type { Answers, Input, Inputs } from './input.ts';
import type { Step } from './step.ts';

/** A part of a conversation: a step, and when it plays a part; or bare inputs that only steer the others. */
export type Part = ({ readonly step: Step } | { readonly inputs: Inputs }) & {
  readonly when?: (answers: Answers) => boolean;
  /** What its questions are about, in a word or two: "CA bundle". */
  readonly heading?: string;
};

/**
 * The inputs of several parts as one conversation, in order. An input that several parts share is asked once, if any of
 * the parts that share it plays a part. A bare input stands for those of that name in the steps that follow.
 * @throws Error (a bug) where two parts mean different things by one name
 */
export function inputsOf(parts: readonly Part[]): Inputs {
  const merged = new Map<
    string,
    { input: Input; heading: string | undefined; conditions: Part['when'][]; isBare: boolean }
  >();
  for (const part of parts) {
    for (const [name, input] of Object.entries('step' in part ? part.step.inputs : part.inputs)) {
      const seen = merged.get(name);
      if (seen && seen.input !== input && !seen.isBare) throw new Error(`two inputs are named "${name}"`);
      if (seen) seen.conditions.push(part.when);
      else merged.set(name, { input, heading: part.heading, conditions: [part.when], isBare: !('step' in part) });
    }
  }
  return Object.fromEntries(
    [...merged].map(([name, { input, heading, conditions }]) => [
      name,
      whenAny(heading === undefined ? input : { ...input, heading }, conditions),
    ]),
  );
}

function whenAny(input: Input, conditions: readonly Part['when'][]): Input {
  if (conditions.includes(undefined)) return input;
  const plays = (answers: Answers) => conditions.some((condition) => condition?.(answers));
  return { ...input, when: (answers, isGiven) => plays(answers) && (input.when?.(answers, isGiven) ?? true) };
}

/** The steps that play a part, given the answers. */
export function stepsOf(parts: readonly Part[], answers: Answers): readonly Step[] {
  return parts.flatMap((part) =>
    'step' in part && (part.when?.(answers) ?? true) && (part.step.when?.(answers as never) ?? true) ? [part.step] : [],
  );
}
