// Loads the files of dist/ in the executable, where they are assets: https://nodejs.org/api/single-executable-applications.html
// Also the program of threads, which then start with another file: see threadProgram in src/core/package-files.ts.
const { getAsset } = require('node:sea');
const path = require('node:path');
const { compileFunction } = require('node:vm');

const ENTRY = 'run.cjs';
const WRAPPER = ['exports', 'require', 'module', '__filename', '__dirname'];
/** What stacks name, and what paths of assets are relative to. Nothing exists there. */
const folder = path.join(process.execPath, 'dist');
/** @type {Map<string, { exports: unknown }>} */
const modules = new Map();

/**
 * Runs a file of dist/, once, as Node runs a CommonJS module.
 * @param {string} name
 * @returns {unknown} its exports
 */
function load(name) {
  const known = modules.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(name, module);
  const filename = path.join(folder, name);
  const code = getAsset(`dist/${name}`, 'utf8').replace(/^#!.*/, '');
  const run = compileFunction(code, WRAPPER, { filename });
  const requireFrom = (/** @type {string} */ id) => (id.startsWith('./') ? load(id.slice(2)) : require(id));
  run.call(module.exports, module.exports, requireFrom, module, filename, folder);
  return module.exports;
}

load(ENTRY);
