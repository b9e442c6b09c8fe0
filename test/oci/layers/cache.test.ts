import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { parsePlatform } from '../../../src/oci/index.ts';
import { LayerCache } from '../../../src/oci/layers/cache.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const image = { reference: 'runner:1', platform: parsePlatform('linux/amd64'), layers: [], close() {} };
const file = { path: '/a', resolvedPath: '/b', bytes: Buffer.from([0, 255]), verifiedLayers: [], unverifiedLayers: [] };

test('files are kept, and a kept file of another shape counts as missing', async () => {
  const folder = await temporaryFolder();
  const cache = new LayerCache(folder);
  await cache.saveFiles(image, 'question', [file]);
  expect(await cache.loadFiles(image, 'question')).toEqual([file]);

  const [name] = await readdir(folder);
  await writeFile(path.join(folder, name ?? ''), `${sha256(Buffer.from('[{}]'))}\n[{}]`);
  expect(await cache.loadFiles(image, 'question')).toBeUndefined();
});
