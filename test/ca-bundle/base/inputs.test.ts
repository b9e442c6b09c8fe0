import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseBaseLocation } from '../../../src/ca-bundle/base/inputs.ts';
import { buildImage, file, writeLayout } from '../../services/image.ts';
import { buildTar } from '../../services/tar.ts';
import { temporaryFolder } from '../../services/temporary.ts';

test('the shape of --image tells what it names, and what does not exist here is an image reference', async () => {
  const folder = await temporaryFolder();
  const [layout, archive, bundle] = ['layout', 'image.tar', 'base.crt'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const platform = { os: 'linux', architecture: 'amd64' };
  await writeLayout(layout, { v1: buildImage({ platform, layers: [[file('x', 'y')]] }) });
  await writeFile(archive, buildTar([file('manifest.json', '[]')]));
  await writeFile(bundle, 'certificates');
  expect(await parseBaseLocation(layout, 'auto')).toEqual({ kind: 'oci-layout', path: layout });
  expect(await parseBaseLocation(`${layout}:v1`, 'auto')).toEqual({ kind: 'oci-layout', path: layout, name: 'v1' });
  expect(await parseBaseLocation(archive, 'auto')).toEqual({ kind: 'archive', path: archive });
  expect(await parseBaseLocation(bundle, 'auto')).toEqual({ kind: 'file', path: bundle });
  expect(await parseBaseLocation('alpine:3.20', 'auto')).toMatchObject({ kind: 'registry', mayUseEngine: true });
  // Named as the source, it is that and nothing else.
  expect(await parseBaseLocation('alpine:3.20', 'registry')).not.toHaveProperty('mayUseEngine');
});

test('what can only be a path is never looked for in a registry', async () => {
  const folder = path.join(await temporaryFolder(), 'unpacked');
  await mkdir(folder);
  await expect(parseBaseLocation(folder, 'auto')).rejects.toThrow(/: it is a directory, but not an OCI layout/);
  for (const missing of [path.join(folder, 'image.tar'), './runner', 'bundle.pem', '~/runner']) {
    await expect(parseBaseLocation(missing, 'auto')).rejects.toThrow(/: there is no such file/);
  }
});
