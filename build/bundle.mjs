import { rolldown } from 'rolldown';
import { chunkOf } from './chunks.mjs';
import { leaveOut, loadLate } from './start-up.mjs';

/** The program, and what the build asks for its commands. */
const PROGRAM = { run: 'commands/run.ts', index: 'commands/index.ts' };
/** What threads run: with modules of its own, for each thread has to load them, and most of the program is not for it. */
const THREAD = { 'layer-worker': 'src/oci/layers/worker.ts' };

/**
 * Bundles the program with all it needs.
 * @returns chunks as rolldown describes them, among them the entries
 */
export async function bundle(root) {
  const groups = [{ name: chunkOf(root), debugName: 'chunks' }];
  return [...(await chunksOf(root, PROGRAM, groups)), ...(await chunksOf(root, THREAD))];
}

async function chunksOf(root, input, groups) {
  const program = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    plugins: [leaveOut, loadLate],
    preserveEntrySignatures: 'allow-extension',
    transform: { target: 'node20.19' },
    // That an import is of no use for splitting is not worth a word: see chunks.mjs.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await program.generate({
    // Node needs 15 ms longer to start with a module of the other kind, and reads each file of it in several turns.
    format: 'cjs',
    minify: true,
    comments: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: groups ? { groups, includeDependenciesRecursively: false } : true,
    // A module is run when it is imported, not when the file is loaded that it shares with others.
    strictExecutionOrder: true,
  });
  await program.close();
  return output.map((chunk) => ({ ...chunk, code: inAscii(chunk.code) }));
}

/**
 * Node reads and compiles a file that is ASCII to its end faster. What is not stands in texts and in expressions, which may
 * have it escaped; only `String.raw` would tell, and is not used with it.
 */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
