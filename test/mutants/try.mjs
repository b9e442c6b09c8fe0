/** @typedef {import('./reach.mjs').Reach} Reach */

/**
 * What became of a mutant.
 * @typedef {object} Verdict
 * @property {'noticed' | 'survived' | 'not reached'} outcome
 * @property {string} [by] the test file that noticed it
 * @property {boolean} [isCut] more tests reach it than fit into its time
 */

/** What starting a test file takes besides its tests. */
const START = 700;

/**
 * Runs the tests that reach a mutant until one is red: first the quick ones, and those that noticed many others of its
 * module.
 * @param {import('./runners.mjs').Runner} runner
 * @param {string} mutant its id
 * @param {Readonly<Record<string, Reach>>} reach
 * @param {ReadonlyMap<string, number>} noticed how many mutants of the module each test file has noticed
 * @param {number} most milliseconds that all its tests may take, as they took unmutated
 * @returns {Promise<Verdict>}
 */
export async function tryMutant(runner, mutant, reach, noticed, most) {
  const candidates = Object.entries(reach).flatMap(([file, { tests, milliseconds }]) => {
    const reaching = tests[mutant];
    const green = Object.keys(milliseconds);
    if (!reaching || green.length === 0) return [];
    const chosen = reaching.includes('') ? green : reaching;
    const cost = START + chosen.reduce((sum, id) => sum + (milliseconds[id] ?? 0), 0);
    return [{ file, tests: chosen, cost, rank: noticed.get(file) ?? 0 }];
  });
  if (candidates.length === 0) return { outcome: 'not reached' };
  let spent = 0;
  let isCut = false;
  const likeliest = candidates.toSorted((one, other) => one.cost / (1 + one.rank) - other.cost / (1 + other.rank));
  for (const { file, tests, cost } of likeliest) {
    // One is always run.
    if (spent > 0 && spent + cost > most) {
      isCut = true;
      continue;
    }
    spent += cost;
    const result = await runner.run({ file, mutant, tests, isRecording: false }, cost * 4 + 20_000);
    // A mutant that keeps the file from loading is red as well.
    if (!result?.isGreen) return { outcome: 'noticed', by: file };
  }
  return { outcome: 'survived', ...(isCut && { isCut }) };
}
