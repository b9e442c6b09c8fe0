import { rolldown } from 'rolldown';
import { chunkOf } from './chunks.mjs';
import { leaveOut, loadLate } from './start-up.mjs';

/** The program and the code it loads at start-up, what the build asks for its commands, and what threads run. */
const ENTRIES = { run: 'commands/run.ts', index: 'commands/index.ts', 'layer-worker': 'src/oci/layer-worker.ts' };

/**
 * Bundles the program with all it needs.
 * @returns chunks as rolldown describes them, among them the entries
 */
export async function bundle(root) {
  const program = await rolldown({
    cwd: root,
    input: ENTRIES,
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
    codeSplitting: { groups: [{ name: chunkOf(root), debugName: 'chunks' }], includeDependenciesRecursively: false },
    // A module is run when it is imported, not when the file is loaded that it shares with others.
    strictExecutionOrder: true,
  });
  await program.close();
  return output;
}
