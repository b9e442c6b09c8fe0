import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Collects the licence texts of every package that some modules are from.
 * @param {readonly string[]} modules their paths
 */
export async function licencesOf(modules) {
  /** @type {Set<string>} */
  const folders = new Set();
  for (const id of modules) {
    const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.split(path.sep).join('/')) ?? [];
    if (folder) folders.add(folder);
  }
  const texts = await Promise.all([...folders].sort().map(licenceOf));
  return texts.join(`\n${'-'.repeat(80)}\n`);
}

/** @param {string} folder of a package */
async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  for (const file of ['LICENSE', 'LICENSE.md', 'license', 'LICENCE', 'LICENSE-MIT', 'LICENSE.txt']) {
    const text = await readFile(path.join(folder, file), 'utf8').catch(() => undefined);
    if (text) return `${name} ${version} (${license})\n\n${text}`;
  }
  return `${name} ${version} (${license})\n`;
}
