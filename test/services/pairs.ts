/** What can be chosen in each of several respects. */
export type Dimensions = Readonly<Record<string, readonly string[]>>;

/** One choice in every respect. */
export type Combination = Readonly<Record<string, string>>;

/** All combinations. */
export function productOf(dimensions: Dimensions): readonly Combination[] {
  return Object.entries(dimensions).reduce<readonly Combination[]>(
    (sofar, [name, choices]) => sofar.flatMap((each) => choices.map((choice) => ({ ...each, [name]: choice }))),
    [{}],
  );
}

/**
 * Few of the combinations, in which every two choices that go together at all do so once: faults that come from one
 * choice or from two are met, and nearly all do.
 */
export function pairwise(combinations: readonly Combination[]): readonly Combination[] {
  const pairsOf = (combination: Combination) => {
    const chosen = Object.entries(combination).map(([name, choice]) => `${name}=${choice}`);
    return chosen.flatMap((one, index) => chosen.slice(index + 1).map((other) => `${one} ${other}`));
  };
  const missing = new Set(combinations.flatMap(pairsOf));
  const taken: Combination[] = [];
  while (missing.size > 0) {
    let [best, most] = [combinations[0] ?? {}, -1];
    for (const combination of combinations) {
      const count = pairsOf(combination).filter((pair) => missing.has(pair)).length;
      if (count > most) [best, most] = [combination, count];
    }
    taken.push(best);
    for (const pair of pairsOf(best)) missing.delete(pair);
  }
  return taken;
}
