import type { Answers, Complete, Input, Inputs, Values } from './input.ts';
import type { Rule } from './rule.ts';
import type { Step } from './step.ts';

/** A part of a conversation: a step, or inputs that only control other parts. `when` says whether it applies. */
export type Part<V = never> = ({ readonly step: Step } | { readonly inputs: Inputs }) & {
  readonly when?: (values: V) => boolean;
  /** The inputs that `when` reads: if they are answered last, a rule of the step is broken there. */
  readonly dependsOn?: readonly string[];
  /** What its questions are about, in a word or two: "CA bundle". */
  readonly heading?: string;
};

interface PartOptions<V> {
  /** Whether the part has any effect, given the answers before it. */
  readonly when?: (values: V) => boolean;
  readonly heading?: string;
}

/** The parts of a conversation in order, and the type of their answers. */
export interface Conversation<V = unknown> {
  readonly all: readonly Part[];
  /** Adds inputs that only control later parts. An input replaces those of the same name in later steps. */
  ask<const I extends Inputs>(inputs: I & Complete<I, V>, options?: PartOptions<V>): Conversation<V & Values<I>>;
  /** Adds a step. If it may have no effect, the answers to its own inputs may be `undefined`. */
  step<I extends Inputs>(step: Step<I>, options?: { readonly heading?: string }): Conversation<V & Values<I>>;
  step<I extends Inputs>(step: Step<I>, options: PartOptions<V>): Conversation<V & Partial<Values<I>>>;
  /** Adds parts that read `P`. */
  parts<P>(more: readonly Part<V extends P ? P : V>[]): Conversation<V>;
}

/** Starts a conversation. Parts are added one after the other, and each may depend on earlier answers. */
export function conversation(): Conversation {
  return conversationOf([]);
}

function conversationOf(parts: readonly Part[]): Conversation<never> {
  return {
    all: parts,
    parts: (more: readonly Part[]) => conversationOf([...parts, ...more]),
    ask: (inputs: Inputs, options: PartOptions<never> = {}) => conversationOf([...parts, { inputs, ...options }]),
    step: (step: Step, options: PartOptions<never> = {}) => conversationOf([...parts, { step, ...options }]),
  } as Conversation<never>;
}

/**
 * Joins the inputs of several parts, in order. An input that several parts share is asked once, if any of the parts that
 * share it has any effect. A bare input stands for those of that name in the steps that follow. The own inputs of a step
 * that has a section of spacectl.yaml are asked for it alone, as `SECTION/NAME`: two clouds have two regions.
 * @throws Error (a bug) where two parts mean different things by one name
 */
export function inputsOf(parts: readonly Part[]): Inputs {
  const merged = new Map<
    string,
    { input: Input; heading: string | undefined; conditions: Part['when'][]; isBare: boolean }
  >();
  for (const part of parts) {
    for (const [name, input] of Object.entries('step' in part ? ownNames(part.step) : part.inputs)) {
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

/** Returns the inputs of a step, with its section in front of the names of those that are in it. */
function ownNames({ inputs, section }: Step): Inputs {
  if (section === undefined) return inputs;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) =>
      input.section === undefined ? [`${section}/${name}`, { ...input, section }] : [name, input],
    ),
  );
}

/** Returns the answers as a step sees them: those of its own section by their plain names. */
export function answersFor({ section }: Pick<Step, 'section'>, answers: Answers): Answers {
  if (section === undefined) return answers;
  const start = `${section}/`;
  const own = Object.entries(answers).filter(([name]) => name.startsWith(start));
  return { ...answers, ...Object.fromEntries(own.map(([name, value]) => [name.slice(start.length), value])) };
}

/** Lists the rules of all steps, which hold where their part has any effect. Names are those of `inputsOf`. */
export function rulesOf(parts: readonly Part[]): readonly Rule[] {
  return parts.flatMap((part) => {
    if (!('step' in part)) return [];
    const { step, when, dependsOn = [] } = part;
    const own = ownNames(step);
    const nameOf = (name: string) => (Object.hasOwn(own, `${step.section}/${name}`) ? `${step.section}/${name}` : name);
    return (step.rules ?? []).map(
      ({ reads, check }): Rule => ({
        reads: [...dependsOn, ...reads.map(nameOf)],
        check(values: Answers) {
          if (when?.(values as never) ?? true) check(answersFor(step, values) as never);
        },
      }),
    );
  });
}

function whenAny(input: Input, conditions: readonly Part['when'][]): Input {
  if (conditions.includes(undefined)) return input;
  const hasEffect = (values: never) => conditions.some((condition) => condition?.(values));
  return { ...input, when: (values, isGiven) => hasEffect(values) && (input.when?.(values, isGiven) ?? true) };
}

/** The steps that have any effect, given the answers. */
export function stepsOf(parts: readonly Part[], values: Answers): readonly Step[] {
  return parts.flatMap((part) =>
    'step' in part &&
    (part.when?.(values as never) ?? true) &&
    (part.step.when?.(answersFor(part.step, values) as never) ?? true)
      ? [part.step]
      : [],
  );
}
