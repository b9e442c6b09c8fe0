import { createHash } from 'node:crypto';
import path from 'node:path';
import { randomLayers } from './random-layers.ts';

/** What umoci has unpacked from the images of `randomLayers`: a line with seed and digest for each that it takes. */
export const UMOCI_ANSWERS = path.join(import.meta.dirname, '../fixtures/umoci-answers.txt');

/**
 * Lists the paths of a random image that readers are asked for: every path that an entry writes, since what a higher layer
 * has removed must not be found either, and two that lead there in another way.
 */
export function pathsAsked(seed: number): readonly string[] {
  const names = randomLayers(seed).flatMap((layer) => layer.map(({ name }) => name));
  const written = names.filter((name) => !path.basename(name).startsWith('.wh.'));
  return [...new Set([...written.map((name) => path.posix.join('/', name)), '/etc/ssl/cert', '/a/../etc/cert'])];
}

/** Returns a digest of what is at each path; `undefined` is no file. */
export function digestOfAnswers(contents: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex').slice(0, 16);
}
