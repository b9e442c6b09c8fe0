import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Marks the place in Node's binary that says whether a program is in it (Node's documentation of single executables). */
const SENTINEL_FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Files of dist/ that the executable does without: it cannot read source maps, and licences are files beside it. */
const LEFT_OUT = /\.map$|\.txt$/;

/**
 * Builds the single-file executable: the Node LTS program with the files of dist/ and templates/ in it. The same files and
 * the same Node give the same bytes.
 * @param {string} root with dist/ in it
 * @param {string} output
 * @throws {Error} on anything but Linux, and if `strip` is missing
 */
export async function buildExecutable(root, output) {
  if (process.platform !== 'linux')
    throw new Error('the executable is built on Linux, for the processor it is built on');
  const node = path.join(findNodeLts(root), 'node');
  const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-executable-'));
  try {
    const program = path.join(folder, 'spacectl');
    await cp(node, program);
    await chmod(program, 0o755);
    // Before the program is put in: afterwards, the result crashes.
    execFileSync('strip', [program]);
    await makeBlob(root, folder, node);
    // It warns of notes without a name, which are harmless: what it says is shown only if it fails.
    const postject = path.join(root, 'node_modules/.bin/postject');
    const injection = [program, 'NODE_SEA_BLOB', path.join(folder, 'blob'), '--sentinel-fuse', SENTINEL_FUSE];
    execFileSync(postject, injection, { stdio: 'pipe' });
    await mkdir(path.dirname(output), { recursive: true });
    const partial = `${output}.${process.pid}`;
    await cp(program, partial);
    await rename(partial, output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Returns the directory of the Node LTS program, which is installed first if it has to be.
 * @param {string} root
 */
export function findNodeLts(root) {
  return execFileSync('sh', [path.join(root, 'build/lts/bin.sh')], { encoding: 'utf8' }).trim();
}

/**
 * Packs the program as Node reads it: the file `blob`.
 * @param {string} root
 * @param {string} folder where it is made; the path must not be in it
 * @param {string} node
 */
async function makeBlob(root, folder, node) {
  const loader = path.join(root, 'build/executable/loader.cjs');
  await cp(loader, path.join(folder, 'main.cjs'));
  const config = {
    main: 'main.cjs',
    output: 'blob',
    assets: { 'loader.cjs': loader, ...(await filesOf(root, 'dist')), ...(await filesOf(root, 'templates')) },
    disableExperimentalSEAWarning: true,
    // Options for another Node program on the machine are not for this one.
    execArgvExtension: 'none',
    // V8's cache differs each time it is made, and saves nothing that could be measured.
    useCodeCache: false,
    useSnapshot: false,
  };
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
  execFileSync(node, ['--experimental-sea-config', 'config.json'], { cwd: folder, stdio: 'pipe' });
}

/**
 * Lists the files of a directory, by the names under which `readPackageFile` and the loader ask for them.
 * @param {string} root
 * @param {string} folder
 * @returns {Promise<Readonly<Record<string, string>>>}
 */
async function filesOf(root, folder) {
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !LEFT_OUT.test(entry.name));
  const paths = files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((file) => [path.relative(root, file).split(path.sep).join('/'), file]));
}
