// Builds dist/ (the bundled program), oclif.manifest.json (what finding a command reads) and the licences of what is bundled.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from './build/bundle.mjs';
import { describeCommands } from './build/commands.mjs';
import { licencesOf } from './build/licences.mjs';

const root = import.meta.dirname;
const dist = path.join(root, 'dist');

const chunks = await bundle(root);
await mkdir(dist, { recursive: true });
// The entries import the rest, whose names hold their digests: they come last.
for (const { fileName, code } of chunks.toSorted((a, b) => a.isEntry - b.isEntry)) {
  await put(path.join(dist, fileName), code);
}
await chmod(path.join(dist, 'run.cjs'), 0o755);
await put(path.join(dist, 'THIRD-PARTY-LICENSES.txt'), await licencesOf(chunks.flatMap(({ moduleIds }) => moduleIds)));
const { manifest, details } = await describeCommands(root);
await put(path.join(dist, 'commands.json'), JSON.stringify(details));
await put(path.join(root, 'oclif.manifest.json'), JSON.stringify(manifest));
await removeAllBut(['THIRD-PARTY-LICENSES.txt', 'commands.json', ...chunks.map(({ fileName }) => fileName)]);

/** Puts a file in place in one move: `npx` builds a clone at its first run, and another run may be reading. */
async function put(file, contents) {
  const [old, wanted] = [await readFile(file).catch(() => undefined), Buffer.from(contents)];
  if (old?.equals(wanted)) return;
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, wanted);
  await rename(partial, file);
}

async function removeAllBut(kept) {
  for (const name of await readdir(dist)) {
    // What another build is about to put in place ends with its process's number.
    if (!kept.includes(name) && !/\.\d+$/.test(name)) await rm(path.join(dist, name), { recursive: true, force: true });
  }
}
