// Builds dist/ (the bundled program), oclif.manifest.json (what `--help` reads) and the licences of what is bundled.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
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

await rm(path.join(root, 'dist'), { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['commands/run.ts', 'commands/index.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  splitting: true,
  target: 'node20.19',
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [leaveOut, loadLate],
  external: ['#templates/*'],
  // Bundled CommonJS packages ask for Node's own modules with require().
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});
await chmod(path.join(root, 'dist/run.js'), 0o755);
await writeFile(path.join(root, 'dist/THIRD-PARTY-LICENSES.txt'), await licences(metafile));
await writeManifest();

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

/** Writes the manifest, so that neither help nor finding a command has to load the commands. */
async function writeManifest() {
  const { Plugin } = await import('@oclif/core/config');
  const { loadAllCommands } = await import('./dist/index.js');
  const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
  plugin.commandCache = await loadAllCommands();
  await plugin.load();
  await writeFile(path.join(root, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest)}\n`);
}
