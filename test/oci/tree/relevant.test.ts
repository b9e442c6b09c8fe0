import { expect, test } from 'vitest';
import { ScanFilter } from '../../../src/oci/layers/filter.ts';
import { formatOperation, type Operation, operationsIn } from '../../../src/oci/layers/operations.ts';
import { filterOperations, findNamesLookedUp } from '../../../src/oci/tree/relevant.ts';

const filter = new ScanFilter(['/etc/ssl/cert.pem']);
const dir = (path: string): Operation => ({ kind: 'directory', path });
const link = (path: string, target: string): Operation => ({ kind: 'symbolic link', path, target });
const pem = (path: string): Operation => ({ kind: 'file', path, position: 7, size: 3_000_000_000 });
const textOf = (operations: readonly Operation[]) => operations.map(formatOperation).join('');

/** What is left of the last of some layers. */
function left(...layers: (readonly Operation[])[]): readonly Operation[] {
  const texts = layers.map(textOf);
  return [...filterOperations(texts.at(-1) as string, findNamesLookedUp(texts, filter))];
}

test('operations come back from their text as they were', () => {
  const operations: Operation[] = [
    dir(''),
    pem('etc/Zürich\n"é"\\.pem'),
    link('f', ''),
    { kind: 'hard link', path: 'a', target: '../ 中/🔑' },
    { kind: 'other', path: 'dev' },
    { kind: 'parents', path: 'usr/share' },
    { kind: 'whiteout', path: 'etc/ssl' },
    { kind: 'opaque', path: '' },
  ];
  expect([...operationsIn(textOf(operations))]).toEqual(operations);
});

test('keeps only the directories that may be looked up, and their parents', () => {
  const layer = [
    dir('usr'),
    dir('usr/doc'),
    dir('usr/doc/x'),
    dir('usr/data'),
    dir('usr/data/y'),
    dir('usr/data/y/ssl'),
  ];
  expect(left(layer)).toEqual([dir('usr'), dir('usr/data'), dir('usr/data/y'), dir('usr/data/y/ssl')]);
});

test.each<[string, Operation]>([
  ['is a link in another layer', link('opt/data', '/etc')],
  ['is on the way of a link', link('opt/own', '../data/x')],
  ['is removed', { kind: 'whiteout', path: 'opt/data' }],
  ['holds a certificate', pem('opt/data/own.pem')],
])('a directory stays whose name %s', (_, operation) => {
  expect(left([operation], [dir('usr'), dir('usr/data')])).toEqual([dir('usr'), dir('usr/data')]);
});

test('a directory stays where its parent is not for certain a directory of this layer', () => {
  expect(left([dir('opt/data')])).toEqual([dir('opt/data')]);
  // What is at a/own.pem by way of b is a file when a/own.pem/data comes.
  const layer = [dir('a'), dir('a/own.pem'), link('b', 'a'), pem('b/own.pem'), dir('a/own.pem/data')];
  expect(left(layer)).toEqual(layer);
});

test('Operations that are cut off come to an end', () => {
  const whole = textOf([
    { kind: 'directory', path: 'etc' },
    { kind: 'file', path: 'etc/a', position: 1, size: 2 },
  ]);
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.slice(0, length);
    expect([...operationsIn(cut)].length).toBeLessThanOrEqual(2);
    expect([...operationsIn(cut, { directories: false })].length).toBeLessThanOrEqual(1);
  }
});
