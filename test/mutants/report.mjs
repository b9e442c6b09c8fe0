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
  return `${module}:${line} ${outcome}: ${kind} ${short(original)} → ${short(replacement)}`;
}

/** @param {string} code */
function short(code) {
  const line = code.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
