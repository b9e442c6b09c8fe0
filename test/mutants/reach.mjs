import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { share } from './runners.mjs';

/**
 * What the tests of a file reach, when nothing is mutated.
 * @typedef {object} Reach
 * @property {string} digest of the test file
 * @property {string} names digest of the names of all modules that there were
 * @property {Readonly<Record<string, string>>} modules the digest of each module it reaches
 * @property {Readonly<Record<string, number>>} milliseconds of each green test, by id
 * @property {Readonly<Record<string, readonly string[]>>} tests by mutant: which tests reach it; `''` while none runs
 */

/** Booted hosts and the like: what they run is not in the sandbox, and a file of them takes minutes. */
const LONGEST = 600_000;

/**
 * Finds which test reaches which mutant of some modules, by running every test file of which that is not known.
 * @param {string} root
 * @param {readonly import('./runners.mjs').Runner[]} runners
 * @param {readonly string[]} files the test files
 * @param {ReadonlyMap<string, string>} digests of all modules
 * @param {(module: string) => boolean} isChosen
 * @param {Record<string, Reach>} known what earlier runs found, by test file; added to
 * @param {(line: string) => void} tell
 * @param {() => Promise<void>} save
 */
export async function findReach(root, runners, files, digests, isChosen, known, tell, save) {
  const records = Object.values(known);
  const chosen = [...digests].filter(([module]) => isChosen(module));
  const names = digestOf([...digests.keys()].join());
  // A module that no test is known to reach may be new.
  const mayBeNew = chosen.some(([module]) => !records.some(({ modules }) => module in modules));
  /** @type {Map<string, string>} */
  const current = new Map();
  for (const file of files) current.set(file, digestOf(await readFile(path.join(root, file))));
  const stale = files.filter((file) => {
    const before = known[file];
    if (before?.digest !== current.get(file) || (mayBeNew && before?.names !== names)) return true;
    return chosen.some(([module, digest]) => (before?.modules[module] ?? digest) !== digest);
  });
  let done = 0;
  await share(runners, stale, async (runner, file) => {
    const result = await runner.run({ file, mutant: '', tests: undefined, isRecording: true }, LONGEST);
    tell(`${++done}/${stale.length} ${file}${result?.isGreen ? '' : ': red or killed; its red tests are left out'}`);
    known[file] = { digest: current.get(file) ?? '', names, ...summarized(result, digests) };
    await save();
  });
}

/**
 * @param {import('./runner.mjs').Result | undefined} result
 * @param {ReadonlyMap<string, string>} digests
 */
function summarized(result, digests) {
  const green = (result?.tests ?? []).filter(({ isGreen }) => isGreen);
  const ids = new Set(['', ...green.map(({ id }) => id)]);
  /** @type {Record<string, string[]>} */
  const tests = {};
  for (const line of new Set((result?.reached ?? '').split('\n'))) {
    const [test = '', mutant] = line.split('\t');
    if (mutant === undefined || !ids.has(test)) continue;
    tests[mutant] ??= [];
    tests[mutant].push(test);
  }
  const modules = new Set(Object.keys(tests).map((mutant) => mutant.slice(0, mutant.indexOf('#'))));
  return {
    modules: Object.fromEntries([...modules].map((module) => [module, digests.get(module) ?? ''])),
    milliseconds: Object.fromEntries(green.map(({ id, milliseconds }) => [id, milliseconds])),
    tests,
  };
}

/** @param {string | Buffer} content */
export function digestOf(content) {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
