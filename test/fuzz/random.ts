/** Numbers that look random and are the same for the same seed, so that an input can be made again. */
export class Random {
  #state: number;

  constructor(seed: string) {
    // FNV-1a, 32 bits.
    this.#state = [...seed].reduce(
      (hash, character) => Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193),
      0x811c9dc5,
    );
  }

  /** Returns an integer from 0 to `limit - 1` (mulberry32). */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** Returns true once in `times` calls. */
  isOnceIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** Picks one of several; `undefined` only if there are none. */
  pick<const Choices extends readonly unknown[]>(choices: Choices): Choices[number] {
    return choices[this.below(choices.length)];
  }

  /** Returns a small number most of the time, and now and then one up to `limit`. */
  size(limit: number): number {
    return this.below(2 ** this.below(Math.ceil(Math.log2(limit + 1)) + 1)) % (limit + 1);
  }
}
