import { expect, test } from 'vitest';
import { buildImage, directory, type Entry, file, hardlink, opaque, symlink, whiteout } from '../../services/image.ts';
import { contentIn, inMemory } from '../../services/image-in-memory.ts';

const platform = { os: 'linux', architecture: 'amd64' };
/** `etc/ssl` is a link, and the bundle is in the directory that it leads to. */
const LINKED: readonly Entry[] = [directory('opt'), file('opt/ca.pem', 'v1'), symlink('etc/ssl', '/opt')];
/** Layers above which say nothing of links, as builders write them. */
const SETTLED: readonly Entry[] = [directory('opt'), file('opt/ca.pem', 'v2')];

test.each<[string, readonly (readonly Entry[])[], string | undefined]>([
  ['an opaque marker for a link empties the directory it leads to', [LINKED, [opaque('etc/ssl')]], undefined],
  ['… whatever layers in between have written there', [LINKED, SETTLED, [opaque('etc/ssl')]], undefined],
  ['… not what its own layer writes there first', [LINKED, [file('opt/ca.pem', 'v2'), opaque('etc/ssl')]], 'v2'],
  ['… not what its own layer writes through the link', [LINKED, [file('etc/ssl/ca.pem', 'v2'), opaque('opt')]], 'v2'],
  ['… nor what a higher layer writes', [LINKED, [opaque('etc/ssl')], SETTLED], 'v2'],
  [
    'an opaque marker below a link empties the directory there',
    [[file('opt/ca.pem/x', 'v1'), symlink('a', '.')], [opaque('a/opt')]],
    undefined,
  ],
  ['a whiteout through a link removes the file there', [LINKED, [whiteout('etc/ssl/ca.pem')]], undefined],
  ['… whatever layers in between have written there', [LINKED, SETTLED, [whiteout('etc/ssl/ca.pem')]], undefined],
  ['a whiteout of a link leaves what it leads to', [LINKED, [whiteout('etc/ssl')]], 'v1'],
  ['a file through a link replaces the file there', [LINKED, [file('etc/ssl/ca.pem', 'v2')]], 'v2'],
  [
    'a hard link through a link is the file there',
    [LINKED, [hardlink('etc/b.pem', 'etc/ssl/ca.pem'), whiteout('opt/ca.pem'), hardlink('opt/ca.pem', 'etc/b.pem')]],
    'v1',
  ],
  [
    'a file written through a link is where everything else was removed',
    [[symlink('etc/ssl', '/opt')], [file('etc/ssl/ca.pem', 'v2'), opaque('')]],
    'v2',
  ],
  [
    '… by a whiteout in a layer between',
    [[symlink('etc/ssl', '/opt'), file('opt/old', '')], [whiteout('opt')], [file('etc/ssl/ca.pem', 'v2')]],
    'v2',
  ],
  [
    'what a file has replaced is no link any more, and nothing is removed through it',
    [
      [...LINKED, symlink('shortcut', '/opt')],
      [file('shortcut', 'text'), whiteout('shortcut/ca.pem')],
    ],
    'v1',
  ],
  ['a hard link to a directory is no directory', [[file('real/ca.pem', 'v1')], [hardlink('opt', 'real')]], undefined],
  [
    '… and a hard link finds it there',
    [
      [symlink('etc/ssl', '/opt'), file('opt/old', '')],
      [whiteout('opt')],
      [file('etc/ssl/b.pem', 'v2'), hardlink('opt/ca.pem', 'opt/b.pem')],
    ],
    'v2',
  ],
])('%s', async (_, layers, content) => {
  const image = buildImage({ platform, layers, addParents: false });
  expect(await contentIn(inMemory(image), '/opt/ca.pem')).toBe(content);
});

test.each<[string, readonly (readonly Entry[])[], string | undefined]>([
  ['an opaque marker in a directory', [[file('opt/ca.pem', 'v1')], [directory('opt'), opaque('opt')]], undefined],
  ['a whiteout of it', [[file('opt/ca.pem', 'v1')], [directory('opt'), whiteout('opt/ca.pem')]], undefined],
])('no layer below is asked for where a layer settles it: %s', async (_, layers, content) => {
  const image = inMemory(buildImage({ platform, layers, addParents: false }));
  expect(await contentIn(image, '/opt/ca.pem')).toBe(content);
  expect(image.opened).toEqual([image.layers.at(-1)?.digest]);
});
