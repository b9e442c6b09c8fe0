import { Instrumenter } from '@stryker-mutator/instrumenter';

/**
 * A change of the code that a test should notice.
 * @typedef {object} Mutant
 * @property {string} id unique among all modules: the module's path, `#` and a number
 * @property {string} module path from the root
 * @property {number} line from 1
 * @property {string} kind Stryker's name of the mutator
 * @property {string} original what stands there
 * @property {string} replacement what stands there instead
 * @property {string} firstLine the whole line in which it begins
 */

const silent = () => {};
const logger = /** @type {any} */ ({ isDebugEnabled: () => false, debug: silent, info: silent });
const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false };

/** What people read, rather than what programs do: three words or more. Tests do not repeat wording. */
const WORDING = /[A-Za-z,;:'-]{2,} [A-Za-z'-]+,? [A-Za-z'-]+/;

/**
 * Puts every mutant of a module into its code, each behind a condition: which one is active is decided at run time.
 * @param {string} module path from the root
 * @param {string} content
 * @returns {Promise<{ content: string, mutants: readonly Mutant[] }>} mutants of wording are in the code, not in the list
 */
export async function instrument(module, content) {
  const files = [{ name: module, mutate: true, content }];
  const result = await new Instrumenter(logger).instrument(files, options);
  const lines = content.split('\n');
  const mutants = result.mutants.map(({ id, location, mutatorName, replacement }) => ({
    id: `${module}#${id}`,
    module,
    line: location.start.line + 1,
    kind: mutatorName,
    original: textAt(lines, location),
    replacement: replacement ?? '',
    firstLine: lines[location.start.line] ?? '',
  }));
  return {
    content: (result.files[0]?.content ?? '').replace(CALLS, (call) =>
      call.replaceAll('("', `("${module}#`).replaceAll(', "', `, "${module}#`),
    ),
    mutants: mutants.filter(({ kind, original }) => kind !== 'StringLiteral' || !WORDING.test(original)),
  };
}

/** Calls that Stryker writes; it numbers the mutants of each module from 0. */
const CALLS = /\bstry(?:MutAct|Cov)_9fa48\("\d+"(?:, "\d+")*\)/g;

/**
 * @param {readonly string[]} lines
 * @param {{ start: { line: number, column: number }, end: { line: number, column: number } }} location from 0
 */
function textAt(lines, { start, end }) {
  const text = lines.slice(start.line, end.line + 1);
  text[text.length - 1] = text.at(-1)?.slice(0, end.column) ?? '';
  text[0] = text[0]?.slice(start.column) ?? '';
  return text.join('\n');
}
