import { lstat, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished } from 'vitest';
import { changeMode, makeFolderFor } from '../../src/files/attributes.ts';
import { removeTree } from '../../src/files/remove.ts';
import { writeFileWhole } from '../../src/files/write.ts';
import { LINUX, ROOT, testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith(LINUX);

/** How often each operation is tried while another thread puts a link in the way and takes it away again. */
const TRIES = 200;

const SWAPPER = `
  const { renameSync, rmSync, symlinkSync, writeFileSync, mkdirSync } = require('node:fs');
  const { parentPort, workerData: { place, target, isFolder } } = require('node:worker_threads');
  const ignore = (work) => { try { work(); } catch {} };
  for (let round = 0; ; round++) {
    const [link, own] = [place + '.link', place + '.own'];
    ignore(() => symlinkSync(target, link));
    // Nothing can be renamed over a directory that is not empty: it is moved away.
    if (isFolder) ignore(() => renameSync(place, own));
    ignore(() => renameSync(link, place));
    if (round === 0) parentPort.postMessage('begun');
    if (isFolder) { ignore(() => rmSync(place)); ignore(() => renameSync(own, place)); ignore(() => mkdirSync(place)); }
    else { ignore(() => writeFileSync(own, 'own')); ignore(() => renameSync(own, place)); }
  }`;

/** Puts a link to a target in place of a file or directory, and that back, again and again until the test ends. */
async function swapLinks(place: string, target: string, isFolder: boolean): Promise<void> {
  const worker = new Worker(SWAPPER, { eval: true, workerData: { place, target, isFolder } });
  onTestFinished(async () => void (await worker.terminate()));
  await new Promise((resolve) => worker.once('message', resolve));
}

/** Runs an operation again and again, and returns the codes of the errors it met. */
async function tryOften(
  operation: () => Promise<unknown>,
  { isEnough = async () => false, tries = TRIES, outcomes = 1 } = {},
) {
  const met = new Set<unknown>();
  // On a busy machine, it may take a while until the other thread gets its turn.
  for (let times = 0; times < tries || (met.size < outcomes && times < 20 * tries); times++) {
    await operation().then(
      () => met.add('done'),
      (error: Error & { code?: string }) => met.add(error.code ?? error.message),
    );
    if (await isEnough()) break;
  }
  return met;
}

test('a link that is put in place of a file never leads to a change of the mode of another file', async () => {
  const folder = await temporaryFolder();
  const [file, victim] = [path.join(folder, 'file'), path.join(await temporaryFolder(), 'victim')];
  await writeFile(file, 'own');
  await writeFile(victim, 'secret', { mode: 0o600 });
  await swapLinks(file, victim, false);
  const isChanged = async () => ((await stat(victim)).mode & 0o777) !== 0o600;
  const met = await tryOften(() => changeMode(file, 0o666), { isEnough: isChanged, outcomes: 2 });
  expect((await stat(victim)).mode & 0o777).toBe(0o600);
  expect(
    [...met].filter((each) => !['done', 'SPACECTL_WOULD_OVERWRITE', 'SPACECTL_CANNOT_WRITE'].includes(String(each))),
  ).toEqual([]);
  expect(met.size).toBeGreaterThan(1);
});

test('a directory that is replaced by a link gets all of a file or nothing', async () => {
  const folder = path.join(await temporaryFolder(), 'pool');
  const other = await temporaryFolder();
  await mkdir(folder);
  await swapLinks(folder, other, true);
  const met = await tryOften(() =>
    writeFileWhole(path.join(folder, 'file'), Buffer.alloc(4096), { mode: 0o600, mayReplace: true }),
  );
  expect(met).toContain('done');
  expect((await readdir(other)).filter((name) => name !== 'file')).toEqual([]);
});

test('a link that is put in a directory while that is removed is not followed', async () => {
  const [folder, other] = [await temporaryFolder(), await temporaryFolder()];
  const tree = path.join(folder, 'tree');
  await writeFile(path.join(other, 'kept'), 'kept');
  const make = async () => {
    await mkdir(path.join(tree, 'sub'), { recursive: true });
    for (const name of ['a', 'b', 'c']) await writeFile(path.join(tree, 'sub', name), '').catch(() => {});
  };
  await make();
  await swapLinks(path.join(tree, 'sub'), other, true);
  const isGone = async () => !(await lstat(path.join(other, 'kept')).catch(() => undefined));
  await tryOften(
    async () => {
      await make().catch(() => {});
      await removeTree(tree);
    },
    { isEnough: isGone, tries: (process.env['TEST_WHOLE'] ? 20 : 3) * TRIES },
  );
  expect(await readdir(other)).toContain('kept');
});

testWith(LINUX, ROOT)('a link that is put in place of a directory never gives another one to a user', async () => {
  const [folder, victim] = [path.join(await temporaryFolder(), 'log'), await temporaryFolder()];
  await mkdir(folder);
  await swapLinks(folder, victim, true);
  const isGiven = async () => (await stat(victim)).uid !== 0;
  await tryOften(() => makeFolderFor(folder, { user: 12_345, group: 12_345 }), { isEnough: isGiven });
  expect((await stat(victim)).uid).toBe(0);
});
