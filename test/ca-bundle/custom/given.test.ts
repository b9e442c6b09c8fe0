import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { describeGiven, stateOfGiven } from '../../../src/ca-bundle/custom/given.ts';
import { sha256 } from '../../../src/core/sha256.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** A folder with `cas/a.crt`, `cas/b.crt` and `one.pem`, and what a lock file in `pool/` says of them. */
async function given() {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await mkdir(at('cas'));
  for (const name of ['one.pem', 'cas/a.crt', 'cas/b.crt']) await writeFile(at(name), name);
  const lockFile = at('pool/x.lock.json');
  const fileOf = (name: string) => ({ path: at(name), sha256: sha256(name) });
  const sources = [
    { files: [fileOf('one.pem')], certificates: [], skipped: [] },
    { files: [], certificates: [], skipped: [] },
    { folder: at('cas'), files: [fileOf('cas/a.crt'), fileOf('cas/b.crt')], certificates: [], skipped: [] },
  ];
  const locked = describeGiven(sources, lockFile);
  return { at, locked, state: () => stateOfGiven(locked, lockFile) };
}

test('files that are as they were, or do not count, change nothing', async () => {
  const { at, state, locked } = await given();
  expect(locked.map(({ folder, files }) => [folder, files.length])).toEqual([
    [undefined, 1],
    [undefined, 0],
    [at('cas'), 2],
  ]);
  await writeFile(at('cas/notes.txt'), 'x');
  await mkdir(at('cas/old.crt'));
  await symlink('nowhere', at('cas/dangling.pem'));
  expect(await state()).toEqual({ changed: [], missing: [] });
});

test('in a folder, everything that changed is found, in order, and can be taken over', async () => {
  const { at, state } = await given();
  await writeFile(at('cas/c.pem'), 'new');
  await writeFile(at('cas/0.CRT'), 'new');
  await writeFile(at('cas/a.crt'), 'changed');
  await rm(at('cas/b.crt'));
  expect(await state()).toEqual({
    changed: [
      { kind: 'ca-added', message: `${at('cas/0.CRT')} is new` },
      { kind: 'ca-added', message: `${at('cas/c.pem')} is new` },
      { kind: 'ca-changed', message: `${at('cas/a.crt')} has changed since the bundle was built` },
      { kind: 'ca-missing', message: `${at('cas/b.crt')} no longer exists` },
    ],
    missing: [],
  });
});

test.each([
  ['removed', async (folder: string) => rm(folder, { recursive: true })],
  ['replaced by a file', async (folder: string) => rm(folder, { recursive: true }).then(() => writeFile(folder, 'x'))],
  ['left without certificates', async (folder: string) => rm(folder, { recursive: true }).then(() => mkdir(folder))],
])('a folder that was %s is missing as a whole', async (_, change) => {
  const { at, state } = await given();
  await change(at('cas'));
  expect(await state()).toEqual({
    changed: [],
    missing: [{ kind: 'ca-missing', message: `${at('cas')} no longer exists` }],
  });
});

test('a file that was named is changed if it was renewed, and missing if it was removed', async () => {
  const { at, state } = await given();
  await writeFile(at('one.pem'), 'renewed');
  expect(await state()).toMatchObject({ changed: [{ kind: 'ca-changed' }], missing: [] });
  await rm(at('one.pem'));
  expect(await state()).toEqual({
    changed: [],
    missing: [{ kind: 'ca-missing', message: `${at('one.pem')} no longer exists` }],
  });
});

test('what cannot be read is an error, not a change', async () => {
  const { at, state } = await given();
  await rm(at('one.pem'));
  await symlink('one.pem', at('one.pem'));
  await expect(state()).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_READ' });
  await rm(at('one.pem'));
  await writeFile(at('one.pem'), 'one.pem');
  await rm(at('cas'), { recursive: true });
  await symlink('cas', at('cas'));
  await expect(state()).rejects.toMatchObject({
    code: 'SPACECTL_CANNOT_READ',
    message: `Cannot read the directory ${at('cas')}`,
  });
});
