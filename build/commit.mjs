import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';

/**
 * What a build was made of.
 * @typedef {object} Commit
 * @property {string | null} commit `null` outside of a git checkout
 * @property {boolean} isModified whether files differ from the commit, or are in no commit
 */

/**
 * Finds the commit that a directory is a checkout of.
 * @param {string} root
 * @returns {Commit}
 */
export function findCommit(root) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    // Sources that were unpacked inside another repository are not of its commits.
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== realpathSync(root)) return NONE;
    return { commit: git('rev-parse', 'HEAD'), isModified: git('status', '--porcelain') !== '' };
  } catch {
    return NONE;
  }
}

/** @type {Commit} */
const NONE = { commit: null, isModified: false };
