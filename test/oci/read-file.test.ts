import { expect, test } from 'vitest';
import { readFirstFile } from '../../src/oci/index.ts';
import { buildImage, directory, type Entry, file, hardlink, opaque, symlink, whiteout } from '../services/image.ts';
import { BUNDLE, contentOf, inMemory, platform, read } from '../services/image-in-memory.ts';

test.each<[string, Entry[][], string]>([
  ['the uppermost wins', [[file(BUNDLE, 'v1')], [file(BUNDLE, 'v2')]], 'v2'],
  [
    'its own whiteout after it does not concern it',
    [[file(BUNDLE, 'v1')], [file(BUNDLE, 'v2'), whiteout(BUNDLE)]],
    'v2',
  ],
  [
    'an opaque folder after it does not concern it',
    [[file(BUNDLE, 'v1')], [file(BUNDLE, 'v2'), opaque('etc/ssl/certs')]],
    'v2',
  ],
  [
    'an opaque folder before it does not concern it',
    [[file(BUNDLE, 'v1')], [opaque('etc/ssl/certs'), file(BUNDLE, 'v2')]],
    'v2',
  ],
  [
    'a higher layer removes it and a still higher one makes it again',
    [[file(BUNDLE, 'v1')], [whiteout('etc/ssl')], [file(BUNDLE, 'v3')]],
    'v3',
  ],
  ['duplicates: the last wins', [[file(BUNDLE, 'v1'), file(BUNDLE, 'v2')]], 'v2'],
  [
    'a parent replaced by a link',
    [[file(BUNDLE, 'old'), file('opt/certs/ca-certificates.crt', 'new')], [symlink('etc/ssl', '../opt')]],
    'new',
  ],
  ['a parent replaced by a file and back', [[file(BUNDLE, 'v1')], [file('etc/ssl', '')], [file(BUNDLE, 'v3')]], 'v3'],
  [
    'a link to a file that a higher layer changes',
    [[symlink(BUNDLE, '/opt/ca.pem'), file('opt/ca.pem', 'v1')], [file('opt/ca.pem', 'v2')]],
    'v2',
  ],
  ['a link out of the image ends at its root', [[symlink(BUNDLE, '../../../../../../x/ca'), file('x/ca', 'in')]], 'in'],
  [
    'a hard link keeps its content when its twin changes',
    [[file('etc/a', 'v1'), hardlink(BUNDLE, 'etc/a')], [file('etc/a', 'v2')]],
    'v1',
  ],
  [
    'a hard link keeps its content when its twin is removed',
    [[file('etc/a', 'v1'), hardlink(BUNDLE, '/etc/a')], [whiteout('etc/a')]],
    'v1',
  ],
  ['a hard link to a lower layer', [[file('etc/a', 'v1')], [hardlink(BUNDLE, './etc/a')]], 'v1'],
  [
    'a hard link to a file that nobody asks for',
    [[file('opt/strange name', 'v1')], [hardlink(BUNDLE, 'opt/strange name')], [file('opt/strange name', 'v2')]],
    'v1',
  ],
])('the bundle is the one that a container would see: %s', async (_, layers, content) => {
  expect(await contentOf(layers)).toBe(content);
});

test.each<[string, Entry[][]]>([
  ['a higher layer removes it', [[file(BUNDLE, 'v1')], [whiteout(BUNDLE)]]],
  ['a higher layer empties its folder', [[file(BUNDLE, 'v1')], [opaque('etc')]]],
  ['a higher layer removes everything', [[file(BUNDLE, 'v1')], [opaque('')]]],
  ['a parent is replaced by a file', [[file(BUNDLE, 'v1')], [file('etc/ssl', 'file')]]],
  ['links lead in circles', [[symlink(BUNDLE, 'other'), symlink('etc/ssl/certs/other', 'ca-certificates.crt')]]],
  ['a folder has its name', [[directory(BUNDLE)]]],
  ['it is empty', [[file(BUNDLE, 'v1')], [file(BUNDLE, '')]]],
  ['a pipe has its name', [[{ name: BUNDLE, type: 'fifo' }]]],
  ['there are no layers', []],
])('an image has no bundle where %s', async (_, layers) => {
  await expect(contentOf(layers)).rejects.toMatchObject({ code: 'SPACECTL_NO_BUNDLE', exitCode: 65 });
});

test.each<[string, Entry[], string]>([
  ['links in circles', [symlink(BUNDLE, 'ca-certificates.crt')], `/${BUNDLE} leads through more than 40 links`],
  ['an empty file', [file(BUNDLE, '')], `/${BUNDLE} is empty`],
])('the error about an image without a bundle says why: %s', async (_, layer, why) => {
  await expect(contentOf([layer])).rejects.toMatchObject({ message: expect.stringContaining(why) });
});

test('a bundle is found with its place and the layers that were read', async () => {
  const image = buildImage({
    platform,
    layers: [
      [file('etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', 'red hat')],
      [symlink('etc/ssl/certs', '../pki/tls/certs')],
      [symlink('etc/pki/tls/certs/ca-bundle.crt', '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem')],
    ],
  });
  const found = await read(image, '/etc/missing.pem', '/etc/ssl/certs/ca-bundle.crt');
  const [bottom, , top] = image.layers;
  expect(found).toMatchObject({
    path: '/etc/ssl/certs/ca-bundle.crt',
    resolvedPath: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
    layer: bottom?.digest,
  });
  expect(found.bytes.toString()).toBe('red hat');
  expect(found.verifiedLayers).toHaveLength(3);
  expect(found.verifiedLayers[0]).toBe(top?.digest);
});

test('layers below the one that has the bundle are not fetched, and none is fetched twice', async () => {
  const layers = [[file('bin/x', 'x')], [file(BUNDLE, 'v1')], [file('opt/tool', 'x')]];
  const image = inMemory(buildImage({ platform, layers }));
  const [, second, third] = image.layers;
  const doubled = { ...image, layers: [...image.layers, ...image.layers.slice(2)] };
  const found = await readFirstFile(doubled, [`/${BUNDLE}`], { signal: new AbortController().signal });
  expect(found.bytes.toString()).toBe('v1');
  expect(image.opened).toEqual([third?.digest, second?.digest]);
});

test('layers below one that removes the folder are not fetched', async () => {
  const layers = [[file(BUNDLE, 'v1')], [whiteout('etc')], [file('etc/motd', 'x')]];
  const image = inMemory(buildImage({ platform, layers }));
  const reading = readFirstFile(image, [`/${BUNDLE}`], { signal: new AbortController().signal });
  await expect(reading).rejects.toMatchObject({ code: 'SPACECTL_NO_BUNDLE' });
  expect(image.opened).toHaveLength(2);
});

test('lower layers are fetched where an upper layer leaves open what its folders are', async () => {
  const layers = [
    [symlink('etc/ssl', '/opt/ssl'), file('opt/ssl/cert.pem', 'v1')],
    [file('opt/ssl/cert.pem', 'v2')],
    [file('etc/ssl/cert.pem', 'v3')],
  ];
  const image = inMemory(buildImage({ platform, layers, addParents: false }));
  const found = await readFirstFile(image, ['/opt/ssl/cert.pem'], { signal: new AbortController().signal });
  expect(found.bytes.toString()).toBe('v3');
  const [bottom, middle, top] = image.layers.map(({ digest }) => digest);
  // Once more the top: nobody had thought of keeping a file of that other name.
  expect(image.opened).toEqual([top, middle, bottom, top]);
});

test('an error about an image without a bundle names the files that look like certificates', async () => {
  const layers = [
    [file('opt/ca.pem', 'x'), file('opt/gone.crt', 'x'), file('opt/empty.pem', '')],
    [whiteout('opt/gone.crt')],
  ];
  const failing = contentOf(layers, '/etc/a.pem', '/etc/b.pem');
  await expect(failing).rejects.toMatchObject({
    message: 'test/image:latest has none of /etc/a.pem, /etc/b.pem. It has /opt/ca.pem',
    suggestions: [{ text: expect.stringContaining('--image-path') }],
  });
});

test('reading an image stops when the user does', async () => {
  const controller = new AbortController();
  const image = inMemory(buildImage({ platform, layers: [[file(BUNDLE, 'v1')]] }));
  const reading = readFirstFile(image, [`/${BUNDLE}`], { signal: controller.signal, report: () => controller.abort() });
  await expect(reading).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
});
