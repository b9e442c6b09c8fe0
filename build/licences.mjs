import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Collects the licence text of every package that some modules are from, and the notices in those modules: a package may
 * hold the work of others, as OpenPGP.js does.
 * @param {readonly string[]} modules their paths
 */
export async function licencesOf(modules) {
  /** @type {Map<string, string[]>} */
  const packages = new Map();
  for (const id of new Set(modules)) {
    const [file = ''] = id.split(path.sep).join('/').split('?');
    const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
    if (folder) packages.set(folder, [...(packages.get(folder) ?? []), file]);
  }
  const texts = await Promise.all([...packages].sort().map(([folder, files]) => licenceOf(folder, files)));
  return texts.join(`\n${'-'.repeat(80)}\n`);
}

/**
 * @param {string} folder of a package
 * @param {readonly string[]} files those of its files that are in the program
 */
async function licenceOf(folder, files) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const parts = [`${name} ${version} (${license})\n`];
  const [file] = (await readdir(folder)).filter((each) => /^licen[cs]e/i.test(each)).sort();
  if (file) parts.push(await readFile(path.join(folder, file), 'utf8'));
  /** @type {Set<string>} */
  const notices = new Set();
  for (const file of [...files].sort()) {
    for (const notice of noticesIn(await readFile(file, 'utf8'))) notices.add(notice);
  }
  if (notices.size > 0) parts.push('Notices in its source:\n', [...notices].join('\n\n'));
  return `${parts.join('\n').trimEnd()}\n`;
}

/**
 * Finds comments that name who holds the copyright: in one block, or in lines that follow each other.
 * @param {string} source
 */
export function noticesIn(source) {
  const comments = source.match(/\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+/gm) ?? [];
  return comments.filter((each) => /copyright|\(c\) *\d{4}/i.test(each)).map(withoutMarks);
}

/** @param {string} comment */
function withoutMarks(comment) {
  const lines = comment.split('\n').map((line) =>
    line
      .replace(/^\s*(?:\/\*+!?|\*\/|\*|\/\/)? ?/, '')
      .replace(/\s*\*\/\s*$/, '')
      .trimEnd(),
  );
  return lines.join('\n').trim();
}
