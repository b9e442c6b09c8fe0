import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseBaseLocation } from '../../../src/ca-bundle/base/base-location.ts';
import { registryInputs } from '../../../src/ca-bundle/base/registry-inputs.ts';
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
  await expect(parseBaseLocation(folder, 'auto')).rejects.toThrow(/: it is a directory, but neither an OCI layout/);
  for (const missing of [path.join(folder, 'image.tar'), './runner', 'bundle.pem', '~/runner']) {
    await expect(parseBaseLocation(missing, 'auto')).rejects.toThrow(/: there is no such file/);
  }
});

test.each(['etc', 'usr'])('a directory with %s is a root file system, and no name of an image', async (name) => {
  const folder = path.join(await temporaryFolder(), 'our alpine');
  await mkdir(path.join(folder, name), { recursive: true });
  await expect(parseBaseLocation(folder, 'auto')).rejects.toMatchObject({
    code: 'SPACECTL_BAD_IMAGE',
    message: expect.stringContaining(folder),
    suggestions: expect.arrayContaining([
      { text: 'Pack it, then pass our alpine.tar', command: `tar -cf 'our alpine.tar' -C '${folder}' .` },
    ]),
  });
  // A tag makes it a reference.
  expect(await parseBaseLocation(`${path.relative('.', folder)}:3.20`, 'auto').catch((error) => error.message)).toMatch(
    /image reference|there is no such file/,
  );
});

const parseMirror = async (text: string) => (await registryInputs.mirror.parse([text], {} as never))[0];

test.each([
  'mirror.example',
  'mirror.example:5000',
  '127.0.0.1:5000',
  '[::1]:5000',
  'localhost',
  'docker.io',
  'harbor.example/docker',
  'artifactory.example:8443/proxy/docker.io',
  'localhost/a',
])('a mirror is a host, with or without a prefix: %s', async (mirror) => {
  expect(await parseMirror(mirror)).toBe(mirror);
});

test.each([
  ['mirror', 'its host has neither a dot nor a port'],
  ['', 'its host has neither a dot nor a port'],
  ['docker/x', 'its host has neither a dot nor a port'],
  ['https://mirror.example', 'expected HOST'],
  ['mirror.example/', 'expected HOST'],
  ['mirror.example/a/', 'expected HOST'],
  ['mirror.example//a', 'expected HOST'],
  ['mirror.example/A', 'expected HOST'],
  ['mirror.example/a:1', 'expected HOST'],
  ['mirror.example/a@sha256:0', 'expected HOST'],
  ['mirror.example/../a', 'expected HOST'],
  ['mirror.example/a?b', 'expected HOST'],
  ['user@mirror.example', 'expected HOST'],
  ['mirror.example:5000:1', 'expected HOST'],
  ['index.docker.io', 'expected HOST'],
])('"%s" is not a mirror', async (mirror, why) => {
  await expect(parseMirror(mirror)).rejects.toMatchObject({
    code: 'SPACECTL_BAD_INPUT',
    message: expect.stringContaining(`"${mirror}" is not a mirror: ${why}`),
  });
});
