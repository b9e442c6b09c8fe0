import { barOf } from './bars.mjs';

/** @typedef {import('./instrument.mjs').Mutant} Mutant */
/** @typedef {import('./try.mjs').Verdict} Verdict */
/** @typedef {{ mutant: Mutant, verdict: Verdict }} Trial */

/**
 * @param {readonly Trial[]} trials
 * @returns {{ text: string, isGood: boolean }} a table of the modules, and every mutant that was not noticed
 */
export function report(trials) {
  const modules = [...new Set(trials.map(({ mutant }) => mutant.module))].toSorted();
  const rows = modules.map((module) =>
    rowOf(
      module,
      trials.filter(({ mutant }) => mutant.module === module),
    ),
  );
  const unnoticed = trials.filter(({ verdict }) => verdict.outcome !== 'noticed').map(describeTrial);
  const total = `${trials.length - unnoticed.length} of ${trials.length} mutants noticed`;
  return {
    text: [...unnoticed, '', ...rows.map(({ text }) => text), total, ''].join('\n'),
    isGood: rows.every(({ isGood }) => isGood),
  };
}

/**
 * @param {string} module
 * @param {readonly Trial[]} trials
 */
function rowOf(module, trials) {
  const count = (/** @type {string} */ wanted) => trials.filter(({ verdict }) => verdict.outcome === wanted).length;
  const [noticed, bar] = [count('noticed'), barOf(module)];
  const percent = (100 * noticed) / trials.length;
  const isGood = percent >= bar;
  const figures = `${noticed}/${trials.length} noticed, ${count('survived')} survived, ${count('not reached')} not reached`;
  return { isGood, text: `${isGood ? ' ' : '✗'} ${percent.toFixed(0).padStart(3)} % (${bar}) ${module}: ${figures}` };
}

/** @param {Trial} trial */
export function describeTrial({ mutant: { module, line, kind, original, replacement }, verdict }) {
  const outcome = verdict.isCut ? 'survived what fits into its time' : verdict.outcome;
  const [before, after] = [original, replacement].map((code) => code.replaceAll(/\s+/g, ' '));
  const same = commonStart(before ?? '', after ?? '');
  return `${module}:${line} ${outcome}: ${kind} ${short(before ?? '', same)} → ${short(after ?? '', same)}`;
}

const WIDTH = 80;
/** How much of what two texts have in common is shown before they differ. */
const LEAD = 30;

/**
 * @param {string} one
 * @param {string} other
 */
function commonStart(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/**
 * Shortens a text to where it differs from another one.
 * @param {string} text
 * @param {number} same how many characters they have in common
 */
function short(text, same) {
  const start = text.length > WIDTH ? Math.max(0, same - LEAD) : 0;
  const shown = start > 0 ? `…${text.slice(start)}` : text;
  return shown.length > WIDTH ? `${shown.slice(0, WIDTH - 1)}…` : shown;
}
