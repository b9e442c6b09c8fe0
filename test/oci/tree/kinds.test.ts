import { expect, test } from 'vitest';
import { buildImage, directory, type Entry, file, hardlink, opaque, symlink, whiteout } from '../../services/image.ts';
import { contentIn, inMemory, platform } from '../../services/image-in-memory.ts';

const pipe = (name: string): Entry => ({ name, type: 'fifo' });
const contentAt = (path: string, ...layers: readonly (readonly Entry[])[]) =>
  contentIn(inMemory(buildImage({ platform, layers, addParents: false })), path);
const CA = '/opt/ca.pem';

test.each<[string, readonly (readonly Entry[])[]]>([
  ['a pipe in place of it', [[file('opt/ca.pem', 'v1')], [pipe('opt/ca.pem')]]],
  ['a hard link to a pipe', [[pipe('opt/pipe'), hardlink('opt/ca.pem', 'opt/pipe')]]],
  ['a hard link to a directory', [[directory('opt/sub'), hardlink('opt/ca.pem', 'opt/sub')]]],
  ['a hard link to the root', [[hardlink('opt/ca.pem', '/')]]],
  ['a directory of its name', [[file('opt/ca.pem', 'v1')], [directory('opt/ca.pem')]]],
  ['a directory in place of the link to it', [[file('real/ca.pem', 'v1'), symlink('opt', 'real')], [directory('opt')]]],
  ['everything removed by a higher layer', [[file('opt/ca.pem', 'v1')], [opaque('')]]],
  ['its directory removed by a higher layer', [[file('opt/ca.pem', 'v1')], [whiteout('opt')]]],
])('an image has no file where it has %s', async (_, layers) => {
  expect(await contentAt(CA, ...layers)).toBeUndefined();
});

test.each<[string, readonly (readonly Entry[])[], string]>([
  ['an entry for its directory again', [[file('opt/ca.pem', 'v1')], [directory('opt')]], 'v1'],
  [
    'a directory in place of a file above it',
    [[file('opt', '')], [directory('opt')], [file('opt/ca.pem', 'v2')]],
    'v2',
  ],
  ['everything else removed', [[file('opt/ca.pem', 'v1')], [file('opt/ca.pem', 'v2'), opaque('')]], 'v2'],
  [
    'a file of no interest beside it, in a higher layer',
    [[file('opt/ca.pem', 'v1')], [file('opt/notes.txt', '')]],
    'v1',
  ],
  [
    'a file of no interest below a directory beside it',
    [[file('opt/ca.pem', 'v1')], [file('opt/sub/deep/notes.txt', '')]],
    'v1',
  ],
  [
    'a file of no interest in a directory that a lower layer has as a link',
    [[file('real/ca.pem', 'v1'), symlink('opt', 'real')], [file('opt/notes.txt', '')]],
    'v1',
  ],
  [
    'a file of another layer in its directory',
    [[directory('opt'), file('opt/ca.pem', 'v1')], [directory('opt'), file('opt/b.pem', 'b')], [directory('opt')]],
    'v1',
  ],
])('an image has its file with %s', async (_, layers, content) => {
  expect(await contentAt(CA, ...layers)).toBe(content);
});

test.each<[string, Entry]>([
  ['a whiteout', whiteout('opt')],
  ['an opaque marker', opaque('opt')],
])('%s behind files of its own layer removes those of lower layers, in all directories below', async (_, removal) => {
  const lower = [file('opt/ca.pem', 'v1'), file('opt/sub/ca.pem', 'v1'), file('opt/sub/deep/ca.pem', 'v1')];
  const layers = [lower, [file('opt/sub/deep/new.pem', 'v2'), removal, file('opt/late.pem', 'v3')]];
  for (const path of [CA, '/opt/sub/ca.pem', '/opt/sub/deep/ca.pem']) {
    expect(await contentAt(path, ...layers)).toBeUndefined();
  }
  expect(await contentAt('/opt/sub/deep/new.pem', ...layers)).toBe('v2');
  expect(await contentAt('/opt/late.pem', ...layers)).toBe('v3');
});

test('a hard link to what does not exist, or no longer, is an error that says so', async () => {
  expect(await contentAt(CA, [hardlink('opt/ca.pem', 'none/x')])).toBe(
    'UserError: /opt/ca.pem is a hard link to none/x, which does not exist',
  );
  const gone = [[file('opt/a', 'v1')], [whiteout('opt/a'), hardlink('opt/ca.pem', 'opt/a')]];
  expect(await contentAt(CA, ...gone)).toBe('UserError: /opt/ca.pem is a hard link to opt/a, which does not exist');
});
