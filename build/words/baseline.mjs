import { readFile } from 'node:fs/promises';

/** @typedef {import('./find.mjs').Found} Found */

/**
 * Reads how many words to leave a file may still hold, by its path: `path count`, one a line.
 * @param {string} file
 * @returns {Promise<ReadonlyMap<string, number>>} empty if the file is missing: then no file may hold any
 */
export async function readBaseline(file) {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter(Boolean);
  return new Map(lines.map((line) => [line.replace(/ \d+$/, ''), Number(/\d+$/.exec(line)?.[0])]));
}

/** @param {readonly Found[]} found */
export function countByFile(found) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { file } of found) counts.set(file, (counts.get(file) ?? 0) + 1);
  return counts;
}

/**
 * Leaves out the files that hold no more than they may.
 * @param {readonly Found[]} found
 * @param {ReadonlyMap<string, number>} baseline
 */
export function beyondBaseline(found, baseline) {
  const counts = countByFile(found);
  return found.filter(({ file }) => (counts.get(file) ?? 0) > (baseline.get(file) ?? 0));
}
