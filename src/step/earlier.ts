import type { Answers, Inputs } from './input.ts';

/** Thrown if an input reads the value of one that is missing, so that its own value cannot be known. */
export class Undecided extends Error {}

/** The values of the inputs before one. It may read no others. */
export interface Earlier {
  /** As the input sees them. @throws Undecided for a value that is missing; Error (a bug) for one that comes later */
  readonly values: never;
  /** Records that an input was answered or skipped. */
  pass(name: string, isMissing: boolean): void;
  /** Takes back `pass`: the input is to be answered again. */
  forget(name: string): void;
}

/** Checks that inputs read only those declared before them. */
export function earlierIn(inputs: Inputs, values: Answers): Earlier {
  const passed = new Map<string, boolean>();
  const seen = new Proxy(values, {
    get(target, name: string) {
      if (passed.get(name) === true) throw new Undecided(name);
      if (Object.hasOwn(inputs, name) && !passed.has(name))
        throw new Error(`an input reads "${name}", which is declared after it`);
      return target[name];
    },
  });
  return {
    values: seen as never,
    pass: (name, isMissing) => void passed.set(name, isMissing),
    forget: (name) => void passed.delete(name),
  };
}
