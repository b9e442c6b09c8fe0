import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type HostBackup, MARKER_FILE, readMarker } from '../../../src/host/install/install-marker.ts';
import { EMPTY_RECORD, formatRecord, RECORD_FILE, readRecord } from '../../../src/host/install/install-record.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** A file system tree with one file of spacectl. */
async function treeWith(file: string, content: string): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), content);
  return root;
}

const RECORD = {
  ...EMPTY_RECORD,
  files: [
    { path: '/etc/spacelift/launcher.env', mode: 0o600, isSecret: false, sha256: 'ab' },
    { path: '/etc/spacelift/secrets.env', mode: 0o600, isSecret: true },
  ],
  generated: ['/run/spacelift/metadata.env'],
};

test('an installation record is read as it was written, also without generated files', async () => {
  const { generated: _, ...older } = RECORD;
  for (const record of [RECORD, older, EMPTY_RECORD]) {
    expect(await readRecord(await treeWith(RECORD_FILE, formatRecord(record)))).toEqual(record);
  }
  expect(await readRecord(await temporaryFolder())).toBeUndefined();
});

test.each([
  ['cut off', '{"version":1', 'it is not JSON'],
  ['of another version', { ...RECORD, version: 2 }, '"version"'],
  ['with a file that is none', { ...RECORD, files: [null] }, '"files.0"'],
  ['with a unit that is not text', { ...RECORD, units: [5] }, '"units.0"'],
  ['without its folders', { ...RECORD, madeFolders: undefined }, '"madeFolders"'],
])('an installation record %s is damaged, and the error says what to do', async (_, record, place) => {
  const root = await treeWith(RECORD_FILE, typeof record === 'string' ? record : JSON.stringify(record));
  await expect(readRecord(root)).rejects.toMatchObject({
    code: 'SPACECTL_BAD_DATA',
    message: expect.stringContaining(place),
    suggestions: [
      { command: `rm ${path.join(root, RECORD_FILE)}` },
      { command: expect.stringContaining('spacectl host install') },
    ],
  });
});

test('a marker holds the backup; one that is empty or damaged only says that the installation is unfinished', async () => {
  const before: HostBackup = {
    files: [{ path: '/a', before: { mode: 0o600, owner: 0, group: 0, base64: '' } }, { path: '/b' }],
    record: RECORD,
    enabled: ['spacelift-launcher.service'],
    wasActive: true,
  };
  expect(await readMarker(await treeWith(MARKER_FILE, JSON.stringify(before)))).toEqual({ before });
  for (const damaged of ['', '{"files":', JSON.stringify({ ...before, files: [null] })]) {
    expect(await readMarker(await treeWith(MARKER_FILE, damaged))).toEqual({ before: undefined });
  }
  expect(await readMarker(await temporaryFolder())).toBeUndefined();
});
