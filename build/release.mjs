// `npm run release`: makes what is published, in release/: package, executable, recipe of the image, bills of materials and
// checksums. The same commit, with the same npm, strip, tar and xz, gives the same bytes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { findCommit } from './commit.mjs';
import { buildExecutable, findNodeLts } from './executable/executable.mjs';
import { writeSbom } from './release/sbom.mjs';

const root = path.dirname(import.meta.dirname);
const release = path.join(root, 'release');
const name = `spacectl-${packageJson.version}`;
const executable = `${name}-linux-${process.arch}`;
const at = (/** @type {string} */ file) => path.join(release, file);
/** @param {string} program @param {string[]} args */
const run = (program, ...args) =>
  execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const { commit, isModified } = findCommit(root);
if (commit === null) stop('a release is made of a commit, but this is not a git checkout');
if (isModified)
  stop(`a release is made of a commit, but files differ from ${commit}:\n${run('git', 'status', '--short')}`);
const time = Number(process.env['SOURCE_DATE_EPOCH'] ?? run('git', 'log', '-1', '--format=%ct'));
await rm(release, { recursive: true, force: true });
await mkdir(release);

run('node', 'build.mjs');
run('npm', 'pack', '--loglevel=error', '--ignore-scripts', '--pack-destination', release);
await buildExecutable(root, at(executable));
await copyLicences();
await cp(path.join(root, 'build/release/Containerfile'), at('Containerfile'));
// Smaller to download, and with its mode and licences. One thread: the result depends on how many there are.
const owner = [
  '--owner=0',
  '--group=0',
  '--numeric-owner',
  '--mode=u+rwX,go+rX,go-w',
  `--mtime=@${time}`,
  '--sort=name',
];
const contents = [
  '--transform',
  `s,^${executable}$,spacectl,`,
  '-C',
  release,
  'LICENSE',
  'THIRD-PARTY-LICENSES.txt',
  executable,
];
run('tar', '--format=ustar', ...owner, '-cf', at(`${executable}.tar`), ...contents);
run('xz', '--threads=1', at(`${executable}.tar`));
await writeBoms();
await writeChecksums();

/** @param {string} why */
function stop(why) {
  process.stderr.write(`Error: ${why.trimEnd()}\n`);
  process.exit(1);
}

/** Puts our licence beside those of what is in the package, and in the executable. */
async function copyLicences() {
  await cp(path.join(root, 'LICENSE'), at('LICENSE'));
  const node = await readFile(path.join(findNodeLts(root), '../LICENSE'), 'utf8');
  const libraries = await readFile(path.join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  await writeFile(
    at('THIRD-PARTY-LICENSES.txt'),
    `${libraries}\n${'-'.repeat(80)}\nNode.js, in the executable\n\n${node}`,
  );
}

async function writeBoms() {
  const licences = await readFile(path.join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  const sections = licences.split(`\n${'-'.repeat(80)}\n`);
  const bundled = sections.map((section) => section.replace(/^(\S+) (\S+) \([\s\S]*$/, '$1@$2'));
  const node = JSON.parse(run(path.join(findNodeLts(root), 'node'), '-p', 'JSON.stringify(process.versions)'));
  await writeFile(at(`${name}.cdx.json`), writeSbom(root, { bundled, time }));
  await writeFile(at(`${executable}.cdx.json`), writeSbom(root, { bundled, time, node }));
}

/** Writes SHA256SUMS as `sha256sum --check` reads it, and says what was made. */
async function writeChecksums() {
  const lines = [];
  for (const file of (await readdir(release)).sort()) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(at(file))) hash.update(chunk);
    lines.push(`${hash.digest('hex')}  ${file}\n`);
    process.stdout.write(`${((await stat(at(file))).size / 1e6).toFixed(2).padStart(7)} MB  release/${file}\n`);
  }
  await writeFile(at('SHA256SUMS'), lines.join(''));
  process.stdout.write(`            release/SHA256SUMS\nOf commit ${commit}.\n`);
}
