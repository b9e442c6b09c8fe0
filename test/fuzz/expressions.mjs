import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { execa } from 'execa';
import { check } from 'recheck';
import ts from 'typescript';

/**
 * A regular expression of the program.
 * @typedef {object} Expression
 * @property {string} place `src/core/text.ts:3`
 * @property {string} source
 * @property {string} flags
 */

/** Milliseconds to look for an input that one expression takes long for. */
const SEARCH_MS = 10_000;
/** Milliseconds on one such input, of 100,000 characters at most, from which it counts as slow. */
const SLOW_MS = 1000;
const MAX_LENGTH = 100_000;

/** Expressions that are slow for a text that they are never given, and why. */
const ACCEPTED = new Map([[String.raw`\B(?=(?:\d{3})+$)`, 'formatCount: a number has few digits']]);

/**
 * Finds the regular expressions of the program, each only once.
 * @param {string} root
 * @returns {Promise<readonly Expression[]>}
 */
export async function expressionsIn(root) {
  const { stdout } = await execa('git', ['ls-files', 'src', 'commands'], { cwd: root });
  /** @type {Map<string, Expression>} */
  const found = new Map();
  for (const file of stdout.split('\n').filter((each) => each.endsWith('.ts'))) {
    const text = await readFile(path.join(root, file), 'utf8');
    const module = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const visit = (/** @type {ts.Node} */ node) => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        const { line } = module.getLineAndCharacterOfPosition(node.getStart());
        const [source, flags] = [node.text.slice(1, end), node.text.slice(end + 1)];
        if (!found.has(node.text)) found.set(node.text, { place: `${file}:${line + 1}`, source, flags });
      }
      ts.forEachChild(node, visit);
    };
    visit(module);
  }
  return [...found.values()];
}

/**
 * Looks for a text for which an expression takes time that grows faster than the text, and tries it.
 * @param {Expression} expression
 * @returns {Promise<string | undefined>} what was found
 */
export async function slownessOf({ place, source, flags }) {
  if (ACCEPTED.has(source)) return undefined;
  const result = await check(source, flags, { timeout: SEARCH_MS });
  if (result.status !== 'vulnerable') return undefined;
  const text = result.attack.string.slice(0, MAX_LENGTH);
  // The search counts steps of an engine of its own, which does less to avoid them than V8.
  if (!(await isSlow(source, flags, text))) return undefined;
  return `${place} /${source}/${flags} takes ${result.complexity.summary} time: ${result.attack.pattern}`;
}

/**
 * Reports whether an expression takes long for a text, in a thread that can be ended meanwhile.
 * @param {string} source
 * @param {string} flags
 * @param {string} text
 * @returns {Promise<boolean>}
 */
function isSlow(source, flags, text) {
  const program = `const { source, flags, text } = require('node:worker_threads').workerData;
    text.replace(new RegExp(source, flags), '');`;
  const worker = new Worker(program, { eval: true, workerData: { source, flags, text } });
  return new Promise((resolve) => {
    worker.once('online', () => {
      const timer = setTimeout(() => {
        resolve(true);
        worker.terminate();
      }, SLOW_MS);
      worker.once('exit', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  });
}
