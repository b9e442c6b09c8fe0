import type { Input } from './input-types.ts';

/** Limits an input to where `when` says so; elsewhere it has no effect, and its value is `undefined`. */
export function onlyWhen<T, Needs, More = unknown>(
  when: (values: More, isGiven: boolean) => boolean | Promise<boolean>,
  input: Input<T, Needs>,
): Input<T | undefined, Needs & More> {
  return {
    ...input,
    when: async (values, isGiven) => (await when(values, isGiven)) && ((await input.when?.(values, isGiven)) ?? true),
  };
}

/** Lets an account say what there is to choose from. */
export function chosenFrom<T, Needs, More>(
  lookUp: NonNullable<Input<T, More>['lookUp']>,
  input: Input<T, Needs>,
): Input<T, Needs & More> {
  return { ...input, lookUp };
}

/** Puts inputs into a section of spacectl.yaml, but for those that have one already. */
export function inSection<const I extends { readonly [name: string]: object }>(section: string, inputs: I): I {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, 'section' in input ? input : { ...input, section }]),
  ) as I;
}

/** Makes an input optional: it has no default, and is not asked for. */
export function optional<T, Needs>({ default: _, ...input }: Input<T, Needs>): Input<T | undefined, Needs> {
  return { ...input, optional: true, asked: false };
}
