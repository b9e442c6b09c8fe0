import { rolldown } from 'rolldown';
import { chunkOf } from './chunks.mjs';

/** The program, and what the build asks for its commands. */
const PROGRAM = { run: 'commands/run.ts', index: 'commands/index.ts' };
/** What threads run: with modules of its own, for each thread has to load them, and most of the program is not for it. */
const THREAD = { 'layer-worker': 'src/oci/layers/worker.ts' };

/**
 * A file of dist/.
 * @typedef {object} Chunk
 * @property {string} fileName
 * @property {string} code
 * @property {string | undefined} map its source map, where it holds code of ours
 * @property {boolean} isEntry
 * @property {readonly string[]} moduleIds the paths of the modules in it
 */

/**
 * Bundles the program with all it needs.
 * @param {string} root
 * @param {readonly import('rolldown').Plugin[]} [observers] plugins that look on, for tests: the build itself has none
 * @returns {Promise<readonly Chunk[]>}
 */
export async function bundle(root, observers = []) {
  const groups = [{ name: chunkOf(root), debugName: 'chunks' }];
  return [...(await chunksOf(root, PROGRAM, observers, groups)), ...(await chunksOf(root, THREAD, observers))];
}

/**
 * @param {string} root
 * @param {Readonly<Record<string, string>>} input
 * @param {readonly import('rolldown').Plugin[]} observers
 * @param {import('rolldown').CodeSplittingGroup[]} [groups]
 * @returns {Promise<readonly Chunk[]>}
 */
async function chunksOf(root, input, observers, groups) {
  const program = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    plugins: [...observers],
    // A development helper of oclif's looks for it, in a clone of a plugin: never here.
    external: ['typescript'],
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
    // Node reads and compiles a file that is ASCII to its end faster.
    charset: 'ascii',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    // The executable runs these files as text, where Node has no import().
    dynamicImportInCjs: false,
    codeSplitting: groups ? { groups, includeDependenciesRecursively: false } : true,
    // A module is run when it is imported, not when the file is loaded that it shares with others.
    strictExecutionOrder: true,
    sourcemap: 'hidden',
    // Stacks name files and lines; what stands there is in the repository.
    sourcemapExcludeSources: true,
  });
  await program.close();
  return output.filter((each) => each.type === 'chunk').map(withOwnMap);
}

/**
 * Links a chunk to its source map if it holds code of ours: maps of libraries would double the package.
 * @param {import('rolldown').OutputChunk} chunk
 * @returns {Chunk}
 */
function withOwnMap({ fileName, code, map, isEntry, moduleIds }) {
  const hasOwnCode = map?.sources.some((source) => !source.includes('/node_modules/'));
  if (!map || !hasOwnCode) return { fileName, code, map: undefined, isEntry, moduleIds };
  return { fileName, code: `${code}//# sourceMappingURL=${fileName}.map\n`, map: map.toString(), isEntry, moduleIds };
}
