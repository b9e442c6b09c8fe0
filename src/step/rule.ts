/** A rule that rejects some combinations of answers. */
export interface Rule<V = never> {
  /** The inputs whose answers may contradict each other. */
  readonly reads: readonly string[];
  /** @throws UserError that says which answers contradict each other, and what to do */
  check(values: V): void;
}

/** Declares a rule. @param reads the inputs whose answers can be changed to satisfy it; `check` may read more */
export function rule<V>(reads: readonly (keyof V & string)[], check: (values: V) => void): Rule<V> {
  return { reads, check };
}

/** Checks values against all rules. @throws UserError of the first broken rule */
export function enforce<V>(rules: readonly Rule<V>[], values: V): void {
  for (const each of rules) each.check(values);
}
