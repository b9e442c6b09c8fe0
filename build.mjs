// Builds dist/: the bundled program, the manifest of its commands (commands.jsonl), its commit
// (build.json), the schema of spacectl.yaml and the licences of what is bundled.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bundle } from './build/bundle.mjs';
import { findCommit } from './build/commit.mjs';
import { licencesOf } from './build/licences.mjs';

const dist = path.join(import.meta.dirname, 'dist');
/** @type {string[]} */
const written = [];

const chunks = await bundle(import.meta.dirname);
await mkdir(dist, { recursive: true });
// The entries import the rest, whose names hold their digests: they come last.
for (const { fileName, code, map } of chunks.toSorted((a, b) => Number(a.isEntry) - Number(b.isEntry))) {
  if (map) await put(`${fileName}.map`, map);
  await put(fileName, code);
}
await chmod(path.join(dist, 'run.cjs'), 0o755);
await put('THIRD-PARTY-LICENSES.txt', await licencesOf(chunks.flatMap(({ moduleIds }) => moduleIds)));
const { describeProgram, describePoolFile, formatManifest } = createRequire(import.meta.url)(
  path.join(dist, 'index.cjs'),
);
await put('build.json', JSON.stringify(findCommit(import.meta.dirname)));
await put('commands.jsonl', formatManifest(await describeProgram()));
await put('spacectl.schema.json', await describePoolFile());
await removeOthers();

/**
 * Puts a file of dist/ in place in one move: `npx` builds a clone at its first run, and another run may be reading.
 * @param {string} name
 * @param {string} contents
 */
async function put(name, contents) {
  written.push(name);
  const file = path.join(dist, name);
  const [old, wanted] = [await readFile(file).catch(() => undefined), Buffer.from(contents)];
  if (old?.equals(wanted)) return;
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, wanted);
  await rename(partial, file);
}

/** Removes what earlier builds left behind. */
async function removeOthers() {
  for (const name of await readdir(dist)) {
    // What another build is about to put in place ends with its process's number.
    if (!written.includes(name) && !/\.\d+$/.test(name))
      await rm(path.join(dist, name), { recursive: true, force: true });
  }
}
