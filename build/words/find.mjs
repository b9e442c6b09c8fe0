import { partsOf } from './parts.mjs';

/**
 * A rule of build/words.txt.
 * @typedef {object} Rule
 * @property {'prose' | 'names'} where
 * @property {RegExp} pattern
 * @property {string} instead
 */

/**
 * Words to leave that were found.
 * @typedef {object} Found
 * @property {string} file
 * @property {number} line counted from 1
 * @property {string} words as they stand there
 * @property {string} instead what to write
 */

/**
 * Reads the rules.
 * @param {string} text of build/words.txt
 * @returns {readonly Rule[]}
 * @throws Error that names a line that is not a rule
 */
export function readRules(text) {
  return text.split('\n').flatMap((line, at) => {
    if (line === '' || line.startsWith('#')) return [];
    const [where, pattern, instead, ...rest] = line.split(' ~ ');
    if ((where !== 'prose' && where !== 'names') || !pattern || !instead || rest.length > 0) {
      throw new Error(`build/words.txt:${at + 1} is not "prose|names ~ pattern ~ what to write"`);
    }
    return [{ where, pattern: new RegExp(pattern, where === 'prose' ? 'gi' : 'g'), instead }];
  });
}

/**
 * Finds words to leave in a file of the repository.
 * @param {string} file its path below the root, by which it is known what of it is prose
 * @param {string} text
 * @param {readonly Rule[]} rules
 * @returns {readonly Found[]}
 */
export function findWords(file, text, rules) {
  const parts = partsOf(file, text);
  return rules.flatMap(({ where, pattern, instead }) =>
    [...parts[where].matchAll(pattern)].map(({ 0: words, index }) => {
      const line = text.slice(0, index).split('\n').length;
      return { file, line, words: words.replace(/\s+/g, ' '), instead };
    }),
  );
}
