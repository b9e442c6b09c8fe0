// Builds dist/ (the bundled program), oclif.manifest.json (what `--help` reads) and the licences of what is bundled.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;

/**
 * What oclif imports at start-up for ways of finding commands and configuration that this program does not use: its
 * commands are an explicit map, its package.json and manifest are handed over. Left out, start-up is 20 ms shorter.
 */
const UNUSED_BY_EXPLICIT_DISCOVERY = /^(tinyglobby|lilconfig|minimatch|typescript)$/;
const leaveOut = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: UNUSED_BY_EXPLICIT_DISCOVERY }, ({ path: name }) => ({ path: name, namespace: 'left-out' }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {}' }));
    // Only to tell WSL from Linux, at every start.
    onResolve({ filter: /^wsl-utils$/ }, () => ({ path: 'wsl-utils', namespace: 'no-wsl' }));
    onLoad({ filter: /.*/, namespace: 'no-wsl' }, () => ({ contents: 'export const isWsl = false' }));
  },
};

/**
 * Node's own modules that oclif asks for at start-up and uses in rare cases only: each costs milliseconds to load, so
 * they are loaded when first used.
 */
const USED_LATE = /^node:(child_process|readline|perf_hooks)$/;
const loadLate = {
  name: 'load-late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: USED_LATE }, ({ path: name, importer }) => {
      return importer.includes('/node_modules/@oclif/') ? { path: name, namespace: 'late' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path: name }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, key) => process.getBuiltinModule(${JSON.stringify(name)})[key] })`,
    }));
  },
};

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { run: 'commands/run.ts', index: 'commands/index.ts', 'layer-worker': 'src/oci/layer-worker.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  splitting: true,
  target: 'node20.19',
  minify: true,
  metafile: true,
  write: false,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [leaveOut, loadLate],
  external: ['#templates/*'],
  // Bundled CommonJS packages ask for Node's own modules with require().
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});
await mkdir(path.join(root, 'dist'), { recursive: true });
// The entries import the rest, whose names hold their digests: they come last.
const isEntry = ({ path: file }) => /^(run|index|layer-worker)\.js$/.test(path.basename(file));
for (const part of outputFiles.toSorted((a, b) => isEntry(a) - isEntry(b))) await put(part.path, part.contents);
await chmod(path.join(root, 'dist/run.js'), 0o755);
await put(path.join(root, 'dist/THIRD-PARTY-LICENSES.txt'), await licences(metafile));
await put(path.join(root, 'oclif.manifest.json'), await manifest());
await removeAllBut(['THIRD-PARTY-LICENSES.txt', ...outputFiles.map((part) => path.basename(part.path))]);

/** Puts a file in place in one move: `npx` builds a clone at its first run, and another run may be reading. */
async function put(file, contents) {
  const [old, wanted] = [await readFile(file).catch(() => undefined), Buffer.from(contents)];
  if (old?.equals(wanted)) return;
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, wanted);
  await rename(partial, file);
}

async function removeAllBut(kept) {
  for (const name of await readdir(path.join(root, 'dist'))) {
    // What another build is about to put in place ends with its process's number.
    if (!kept.includes(name) && !/\.\d+$/.test(name))
      await rm(path.join(root, 'dist', name), { recursive: true, force: true });
  }
}

/** The licence texts of every package that ended up in the bundle. */
async function licences({ inputs }) {
  const folders = new Set();
  for (const file of Object.keys(inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
    if (match) folders.add(match[1]);
  }
  const texts = await Promise.all([...folders].sort().map(licenceOf));
  return texts.join(`\n${'-'.repeat(80)}\n`);
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
  for (const file of ['LICENSE', 'LICENSE.md', 'license', 'LICENCE', 'LICENSE-MIT', 'LICENSE.txt']) {
    const text = await readFile(path.join(root, folder, file), 'utf8').catch(() => undefined);
    if (text) return `${name} ${version} (${license})\n\n${text}`;
  }
  return `${name} ${version} (${license})\n`;
}

/** The manifest, so that neither help nor finding a command has to load the commands. */
async function manifest() {
  const { Plugin } = await import('@oclif/core/config');
  const { loadAllCommands } = await import('./dist/index.js');
  const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
  plugin.commandCache = await loadAllCommands();
  await plugin.load();
  return `${JSON.stringify(plugin.manifest)}\n`;
}
