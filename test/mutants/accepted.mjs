/** @typedef {import('./instrument.mjs').Mutant} Mutant */

/**
 * Mutants that no test can notice, because the program does the same: what stands there, what stands there instead, and
 * why it makes no difference. They are not counted.
 * @type {readonly { module: string, original: string, replacement: string, reason: string }[]}
 */
const ACCEPTED = [];

/** @param {Mutant} mutant */
export function isAccepted(mutant) {
  return ACCEPTED.some((each) => isSame(each, mutant));
}

/**
 * Lists acceptances whose code has changed.
 * @param {readonly Mutant[]} mutants all there are
 */
export function staleAcceptances(mutants) {
  return ACCEPTED.filter((each) => !mutants.some((mutant) => isSame(each, mutant))).map(
    ({ module, original, replacement }) => `${module}: ${original} → ${replacement}`,
  );
}

/**
 * @param {(typeof ACCEPTED)[number]} accepted
 * @param {Mutant} mutant
 */
function isSame(accepted, { module, original, replacement }) {
  return accepted.module === module && accepted.original === original && accepted.replacement === replacement;
}
