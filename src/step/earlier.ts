import type { Answers, Inputs } from './input.ts';

/** Thrown where an input reads the value of one that is missing: what it would be cannot be known. */
export class Undecided extends Error {}

/** The values of the inputs before one, which are all that it may read. */
export interface Earlier {
  /** As the input sees them. @throws Undecided for a value that is missing; Error (a bug) for one that comes later */
  readonly values: never;
  /** Notes that an input has had its turn. */
  pass(name: string, isMissing: boolean): void;
}

/** Holds what inputs read against the order in which they are declared. */
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
  return { values: seen as never, pass: (name, isMissing) => void passed.set(name, isMissing) };
}
