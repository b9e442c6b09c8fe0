// Loaded first by each process that runs mutated code, the built program and its threads included. Files tell it which
// mutant is active and where to write what is reached: variables would not get through `env -i`.
const { appendFileSync, readFileSync } = require('node:fs');

/** Written into the copy that is in the sandbox. */
const FOLDER = '@FOLDER@';
/** An endless loop is noticed long before a deadline. */
const MOST_HITS = 5_000_000;

/** @param {string} name */
function read(name) {
  try {
    return readFileSync(`${FOLDER}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

let test = read('test') ?? '';
/** @type {Set<string | symbol>} */
const seen = new Set();
const isRecording = read('reached') !== undefined;

const reached = new Proxy(
  {},
  {
    set: (_target, id) => {
      if (seen.has(id)) return true;
      seen.add(id);
      appendFileSync(`${FOLDER}/reached`, `${test}\t${String(id)}\n`);
      return true;
    },
  },
);

/** @type {any} */ (globalThis).__stryker__ ??= {
  activeMutant: read('active') || '(none)',
  hitCount: 0,
  hitLimit: MOST_HITS,
  mutantCoverage: { static: isRecording ? reached : {}, perTest: {} },
};

/** @param {string} id */
exports.startTest = (id) => {
  test = id;
  seen.clear();
};
