import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { followLinks } from '../../src/files/place.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** A folder with a file, links to it, and links that lead nowhere. */
async function linkedFolder(): Promise<string> {
  const folder = await realpath(await temporaryFolder());
  const at = (name: string) => path.join(folder, name);
  await mkdir(at('real/inner'), { recursive: true });
  await writeFile(at('real/file'), '');
  await symlink('real/file', at('link'));
  await symlink('link', at('chain'));
  await symlink('real/inner', at('linked-folder'));
  await symlink('../missing', at('real/inner/dangling'));
  await symlink('linked-folder/dangling', at('chain-to-nothing'));
  await symlink('loop', at('loop'));
  return folder;
}

test.each([
  ['a file', 'real/file', 'real/file'],
  ['a link', 'link', 'real/file'],
  ['a link to a link', 'chain', 'real/file'],
  ['a file that does not exist', 'missing', 'missing'],
  ['a link to a file that does not exist, in a directory that is a link', 'linked-folder/dangling', 'real/missing'],
  ['a link to such a link', 'chain-to-nothing', 'real/missing'],
  ['a file below a directory that does not exist', 'nowhere/file', 'nowhere/file'],
])('the path that links lead to is known for %s', async (_, from, to) => {
  const folder = await linkedFolder();
  expect(await followLinks(path.join(folder, from))).toBe(path.join(folder, to));
});

test('links that lead back to themselves are an error that names the path', async () => {
  const file = path.join(await linkedFolder(), 'loop');
  await expect(followLinks(file)).rejects.toMatchObject({
    code: 'SPACECTL_CANNOT_READ',
    message: `The links of ${file} cannot be followed`,
  });
});
