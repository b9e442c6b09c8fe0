// `npm run fuzz [-- TARGETS]`: gives each parser many damaged inputs. CONTRIBUTING.md says how to use it.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { expressionsIn, slownessOf } from './expressions.mjs';
import { tryTarget } from './try-target.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    replay: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const folder = path.join(tmpdir(), `spacectl-fuzz-${process.pid}`);
const kept = path.join(root, 'node_modules/.cache/fuzz');
/** Stands for the regular expressions among the names of targets. */
const EXPRESSIONS = 'expressions';
const tell = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);

let found = 0;
try {
  if (positionals.length === 0 || positionals.includes(EXPRESSIONS)) await checkExpressions();
  if (positionals.some((each) => each !== EXPRESSIONS) || positionals.length === 0) await tryTargets();
  process.exitCode = found > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Looks for texts that make a regular expression slow. */
async function checkExpressions() {
  const expressions = await expressionsIn(root);
  for (const each of expressions) {
    const slow = await slownessOf(each);
    if (slow === undefined) continue;
    found++;
    tell(`✗ ${slow}`);
  }
  tell(`${expressions.length} regular expressions`);
}

async function tryTargets() {
  await bundle(folder, { main: 'test/fuzz/main.ts', list: 'test/fuzz/list.ts' });
  const { listTargets } = await import(pathToFileURL(path.join(folder, 'list.mjs')).href);
  /** @type {readonly { name: string }[]} */
  const all = await listTargets();
  const chosen = all.filter(({ name }) => positionals.length === 0 || positionals.some((each) => name.includes(each)));
  if (chosen.length === 0) throw new Error(`No target is called ${positionals.join(', ')}`);
  tell(`${chosen.length} targets, seed ${values.seed}`);
  const input = values.replay === undefined ? undefined : await readFile(values.replay);
  const waiting = [...chosen];
  let tried = 0;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const to = input ? 1 : Number(values.inputs);
      const order = { name: next.name, seed: values.seed, to, ...(input && { input }) };
      const result = await tryTarget(path.join(folder, 'main.mjs'), order);
      tried += result.tried;
      found += result.faults.length;
      await report(next.name, result);
    }
  };
  await Promise.all(Array.from({ length: Number(values.threads) }, work));
  tell(`${chosen.length} targets, ${tried} inputs, ${found} findings`);
}

/**
 * Prints what was found in a target, and keeps the inputs.
 * @param {string} name
 * @param {import('./try-target.mjs').Result} result
 */
async function report(name, { faults, tried, refused, slowest }) {
  const mark = faults.length > 0 ? '✗' : '✓';
  tell(`${mark} ${name}: ${tried} inputs, ${refused} refused, the slowest ${Math.ceil(slowest)} ms`);
  for (const { index, fault, input } of faults) {
    const file = path.join(kept, `${name.replace('/', '-')}-${index}`);
    await mkdir(kept, { recursive: true });
    await writeFile(file, input);
    tell(`  input ${index} (${input.length} bytes): ${fault}\n  again: npm run fuzz -- ${name} --replay ${file}`);
  }
}
