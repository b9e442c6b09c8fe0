import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { formatJournal, type Journal, readJournal } from '../../src/pool-folder/index.ts';
import { temporaryFolder } from '../services/temporary.ts';

const common = { endpoint: 'https://a.app.spacelift.io', name: 'pool' };

async function read(content: string): Promise<Journal | undefined> {
  const dir = await temporaryFolder();
  await writeFile(path.join(dir, 'worker-pool.json'), content);
  return readJournal(dir);
}

test.each<Journal>([
  { ...common, state: 'creating' },
  { ...common, state: 'created', id: '01ABC' },
])('a journal is read as it was written: $state', async (journal) => {
  expect(await read(formatJournal(journal))).toEqual(journal);
});

test.each([
  ['no state, but an id', { ...common, id: '01ABC' }, { ...common, state: 'created', id: '01ABC' }],
  ['no id yet', { ...common, state: 'creating', id: null }, { ...common, state: 'creating' }],
  ['more fields', { ...common, state: 'creating', more: 1 }, { ...common, state: 'creating' }],
])('a journal with %s is accepted', async (_, written, journal) => {
  expect(await read(JSON.stringify(written))).toEqual(journal);
});

test.each([
  ['', 'it is not JSON; it may be cut off'],
  ['null', 'it is not an object'],
  ['[]', 'it is not an object'],
  [JSON.stringify({ ...common, state: 'created' }), '"id" is missing'],
  [JSON.stringify({ ...common, endpoint: 7, state: 'creating' }), '"endpoint" is not a string'],
  // Was returned as it is, and ended as a bug where it was used.
  [JSON.stringify({ ...common, state: 'creating', id: 7 }), '"id" is not'],
])('the journal %j is rejected', async (content, reason) => {
  await expect(read(content)).rejects.toMatchObject({
    code: 'SPACECTL_BAD_DATA',
    message: expect.stringContaining(`worker-pool.json is not a valid journal: ${reason}`),
    suggestions: [{ command: expect.stringMatching(/^mv /) }],
  });
});
