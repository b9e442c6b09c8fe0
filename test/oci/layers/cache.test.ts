import { chmod, chown, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { parsePlatform } from '../../../src/oci/index.ts';
import { LayerCache } from '../../../src/oci/layers/cache.ts';
import { ROOT, testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const image = { reference: 'runner:1', platform: parsePlatform('linux/amd64'), layers: [], close() {} };
const examination = {
  paths: {
    '/a': { kind: 'file', resolvedPath: '/b', size: 2 },
    '/c': { kind: 'directory', resolvedPath: '/d' },
    '/e': { kind: 'absent' },
  },
  files: [{ path: '/usr/lib/libcrypto.so.3', texts: ['/etc/ssl/cert.pem'] }],
  isComplete: true,
} as const;
const file = { path: '/a', resolvedPath: '/b', bytes: Buffer.from([0, 255]), verifiedLayers: [], unverifiedLayers: [] };
const examined = { files: [file], examination };

test('what was found in an image is kept, and what is kept in another shape counts as missing', async () => {
  const folder = await temporaryFolder();
  const cache = new LayerCache(folder);
  await cache.saveExamined(image, 'question', examined);
  expect(await cache.loadExamined(image, 'question')).toEqual(examined);

  const [name] = await readdir(folder);
  await writeFile(path.join(folder, name ?? ''), `${sha256(Buffer.from('[{}]'))}\n[{}]`);
  expect(await cache.loadExamined(image, 'question')).toBeUndefined();
});

/** A cache with a file in it. */
async function fill() {
  const folder = path.join(await temporaryFolder(), 'spacectl/layers');
  const cache = new LayerCache(folder);
  await cache.saveExamined(image, 'question', examined);
  const [name = ''] = await readdir(folder);
  const load = () => cache.loadExamined(image, 'question');
  return { folder, cache, file: path.join(folder, name), load };
}

type Filled = Awaited<ReturnType<typeof fill>>;

const elsewhere = async (place: string) => {
  await rename(place, `${place}-2`);
  await symlink(`${place}-2`, place);
};

test.each<[string, (filled: Filled) => Promise<void>]>([
  ['a directory that its group may write to', ({ folder }) => chmod(folder, 0o770)],
  ['a directory that everyone may write to', ({ folder }) => chmod(folder, 0o1777)],
  ['a file that its group may write to', (filled) => chmod(filled.file, 0o660)],
  ['a file that everyone may write to', (filled) => chmod(filled.file, 0o602)],
  ['a directory that is a link', ({ folder }) => elsewhere(folder)],
  ['a file that is a link', (filled) => elsewhere(filled.file)],
])('the cache is not used where another user may have written: %s', async (_title, spoil) => {
  const filled = await fill();
  expect(await filled.load()).toEqual(examined);
  await spoil(filled);
  expect(await filled.load()).toBeUndefined();
});

testWith(ROOT).each<[string, (filled: Filled) => Promise<void>]>([
  ['a directory of another user', ({ folder }) => chown(folder, 1234, 1234)],
  ['a file of another user', (filled) => chown(filled.file, 1234, 1234)],
])('the cache is not used where another user may have written: %s', async (_title, spoil) => {
  const filled = await fill();
  await spoil(filled);
  expect(await filled.load()).toBeUndefined();
});

test('what others may read is used, and nothing is written where others may write', async () => {
  const { folder, cache, load } = await fill();
  await chmod(folder, 0o755);
  expect(await load()).toEqual(examined);
  await chmod(folder, 0o777);
  await cache.saveExamined(image, 'another question', examined);
  expect(await readdir(folder)).toHaveLength(1);
});

testWith(ROOT)('root leaves no directory of its own in the home of another user', async () => {
  const home = await temporaryFolder();
  await chown(home, 1234, 1234);
  vi.stubEnv('SUDO_UID', '1234');
  onTestFinished(() => void vi.unstubAllEnvs());
  await new LayerCache(path.join(home, '.cache/spacectl/layers')).saveExamined(image, 'question', examined);
  expect(await readdir(home)).toEqual([]);
  await mkdir(path.join(home, '.cache'));
  await new LayerCache(path.join(home, '.cache/spacectl/layers')).saveExamined(image, 'question', examined);
  expect(await readdir(home)).toEqual(['.cache']);
  expect(await readdir(path.join(home, '.cache'))).toEqual(['spacectl']);
});
