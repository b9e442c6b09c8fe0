// `npm run mutants [-- FILES]`: changes the code in small ways and runs the tests that reach each change. A change that
// no test notices is a case that nothing tests. CONTRIBUTING.md says how to use it.
import { rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execaSync } from 'execa';
import { isAccepted, staleAcceptances } from './accepted.mjs';
import { PROMISED } from './bars.mjs';
import { instrument } from './instrument.mjs';
import { digestOf, findReach } from './reach.mjs';
import { describeTrial, report } from './report.mjs';
import { Runner, share } from './runners.mjs';
import { makeSandbox } from './sandbox.mjs';
import { tryMutant } from './try.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    promised: { type: 'boolean', default: false },
    tests: { type: 'string', multiple: true, default: ['test'] },
    sample: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    runners: { type: 'string', default: String(availableParallelism()) },
  },
});
const root = path.resolve(import.meta.dirname, '../..');
const KEPT = path.join(root, 'node_modules/.cache/mutants.json');
const sandboxes = path.join(tmpdir(), `spacectl-mutants-${process.pid}`);
const every = filesIn('src').filter((file) => file.endsWith('.ts'));
const tell = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);

/** @type {Map<string, string>} */
const digests = new Map();
for (const module of every) digests.set(module, digestOf(await readFile(path.join(root, module))));
const kept = JSON.parse(await readFile(KEPT, 'utf8').catch(() => '{"reach":{},"verdicts":{}}'));
await mkdir(path.dirname(KEPT), { recursive: true });
const save = () => writeFile(KEPT, JSON.stringify(kept));

const folders = Array.from({ length: Number(values.runners) }, (_, index) => path.join(sandboxes, String(index)));
const contents = new Map();
const makeAgain = async (/** @type {string} */ folder) => {
  rmSync(folder, { recursive: true, force: true });
  await makeSandbox(root, folder, contents);
};
const runners = folders.map((folder) => new Runner(folder, () => makeAgain(folder)));
process.on('exit', stopAll);
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
try {
  const isChosen = chosenModules();
  tell(`${every.filter(isChosen).length} modules; their mutants go into ${folders.length} copies of the project`);
  const all = [];
  for (const module of every) {
    const { mutants, content } = await instrument(module, await readFile(path.join(root, module), 'utf8'));
    all.push(...mutants);
    contents.set(module, content);
  }
  for (const folder of folders) await makeSandbox(root, folder, contents);
  for (const stale of staleAcceptances(all)) tell(`accepted.mjs names a mutant that does not exist: ${stale}`);

  const tests = filesIn(...values.tests).filter((file) => file.endsWith('.test.ts'));
  await findReach(root, runners, tests, digests, isChosen, kept.reach, tell, save);
  const reach = Object.fromEntries(Object.entries(kept.reach).filter(([file]) => tests.includes(file)));

  const wanted = all.filter((mutant) => isChosen(mutant.module) && isSampled(mutant.id) && !isAccepted(mutant));
  const trials = await tryAll(wanted, reach);
  const { text, isGood } = report(trials);
  process.stdout.write(text);
  process.exitCode = isGood ? 0 : 1;
} finally {
  stopAll();
}

function stopAll() {
  for (const runner of runners) runner.stop();
  rmSync(sandboxes, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Tries mutants, but those that a test noticed before: it would again, unless the test or the module has changed.
 * @param {readonly import('./instrument.mjs').Mutant[]} mutants
 * @param {Readonly<Record<string, import('./reach.mjs').Reach>>} reach
 * @returns {Promise<readonly import('./report.mjs').Trial[]>}
 */
async function tryAll(mutants, reach) {
  /** @type {import('./report.mjs').Trial[]} */
  const trials = [];
  const keyOf = (/** @type {{ id: string, module: string }} */ { id, module }) => `${id} ${digests.get(module)}`;
  const open = mutants.filter((mutant) => {
    const before = kept.verdicts[keyOf(mutant)];
    if (before === undefined || reach[before.by]?.digest !== before.digest) return true;
    trials.push({ mutant, verdict: before });
    return false;
  });
  tell(`${mutants.length} mutants, ${open.length} to try`);
  let done = 0;
  await share(runners, open, async (runner, mutant) => {
    const verdict = await tryMutant(runner, mutant.id, reach, noticersOf(mutant.module), Number(values.seconds) * 1000);
    trials.push({ mutant, verdict });
    if (verdict.outcome !== 'noticed') tell(describeTrial({ mutant, verdict }));
    if (verdict.by !== undefined) kept.verdicts[keyOf(mutant)] = { ...verdict, digest: reach[verdict.by]?.digest };
    done += 1;
    if (done % 20 === 0) {
      tell(`${done}/${open.length}`);
      await save();
    }
  });
  await save();
  const order = new Map(mutants.map(({ id }, index) => [id, index]));
  return trials.toSorted((one, other) => (order.get(one.mutant.id) ?? 0) - (order.get(other.mutant.id) ?? 0));
}

/**
 * Counts how many mutants of a module each test file has noticed.
 * @param {string} module
 */
function noticersOf(module) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [key, { by }] of Object.entries(kept.verdicts)) {
    if (by !== undefined && key.startsWith(`${module}#`)) counts.set(by, (counts.get(by) ?? 0) + 1);
  }
  return counts;
}

/** @returns {(module: string) => boolean} */
function chosenModules() {
  if (values.all) return () => true;
  if (values.promised) return (module) => PROMISED.includes(module);
  const chosen =
    positionals.length > 0 ? positionals.map((file) => path.relative(root, path.resolve(file))) : changed();
  return (module) => chosen.some((each) => module === each || module.startsWith(`${each}/`));
}

/** Returns what differs from `main`, or on `main` what the last commit and the working tree changed. */
function changed() {
  const base = git('merge-base', 'main', 'HEAD')[0] ?? '';
  const since = base === git('rev-parse', 'HEAD')[0] ? 'HEAD~1' : base;
  return git('diff', '--name-only', since, '--', 'src');
}

/** @param {readonly string[]} paths files or folders */
function filesIn(...paths) {
  return git('ls-files', '--cached', '--others', '--exclude-standard', '--', ...paths);
}

/** @param {readonly string[]} args */
function git(...args) {
  return execaSync('git', args, { cwd: root, lines: true }).stdout;
}

/**
 * Chooses one mutant in `--sample N`, always the same ones.
 * @param {string} id
 */
function isSampled(id) {
  return Number.parseInt(digestOf(id).slice(0, 8), 16) % Number(values.sample) === 0;
}
