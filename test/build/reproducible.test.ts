import { cp, readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../services/temporary.ts';

/** Builds the program in a folder of its own. @returns every file by name */
async function build(): Promise<ReadonlyMap<string, string>> {
  const folder = path.join(await temporaryFolder(), 'clone');
  for (const part of ['build', 'build.mjs', 'commands', 'package.json', 'src', 'templates', 'tsconfig.json']) {
    await cp(part, path.join(folder, part), { recursive: true });
  }
  await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  await execa('node', ['build.mjs'], { cwd: folder });
  const names = await readdir(path.join(folder, 'dist'));
  const contents = names.map(async (name) => [name, await readFile(path.join(folder, 'dist', name), 'hex')] as const);
  return new Map(await Promise.all(contents));
}

test('Two builds of the same source, in two folders, have the same bytes', async () => {
  const [one, other] = [await build(), await build()];
  expect(one.size).toBeGreaterThan(10);
  expect([...one.keys()].toSorted()).toEqual([...other.keys()].toSorted());
  expect([...one].filter(([name, content]) => other.get(name) !== content).map(([name]) => name)).toEqual([]);
});
