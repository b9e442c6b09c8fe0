import { sectionOfName } from './given.ts';
import type { Answers, Inputs } from './input.ts';

/** Thrown if an input reads the value of one that is missing, so that its own value cannot be known. */
export class Undecided extends Error {}

/** The values of the inputs before one. It may read no others. */
export interface Earlier {
  /**
   * The values as one input sees them: those of its own section go before others of the same name.
   * @throws Undecided for a value that is missing; Error (a bug) for one that comes later
   */
  seenBy(name: string): never;
  /** Records that an input was answered or skipped. */
  pass(name: string, isMissing: boolean): void;
  /** Reports whether an input was answered or skipped, and is not missing. */
  isSettled(name: string): boolean;
  /** Takes back `pass`: the input is to be answered again. */
  forget(name: string): void;
}

/** Checks that inputs read only those declared before them. */
export function earlierIn(inputs: Inputs, values: Answers): Earlier {
  const passed = new Map<string, boolean>();
  const seenBy = (reader: string) => {
    const section = sectionOfName(reader);
    return new Proxy(values, {
      get(target, plain: string) {
        const own = `${section}/${plain}`;
        const name = section !== undefined && Object.hasOwn(inputs, own) ? own : plain;
        if (passed.get(name) === true) throw new Undecided(name);
        if (Object.hasOwn(inputs, name) && !passed.has(name))
          throw new Error(`an input reads "${name}", which is declared after it`);
        return target[name];
      },
    }) as never;
  };
  return {
    seenBy,
    pass: (name, isMissing) => void passed.set(name, isMissing),
    isSettled: (name) => passed.get(name) === false,
    forget: (name) => void passed.delete(name),
  };
}
