import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildInputs } from '../../../src/ca-bundle/inputs.ts';
import { expired, first, make, privateKey, root, second } from '../../services/given-certificates.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const strict = { 'allow-expired': false, 'skip-expired': false, 'allow-non-ca': false, 'skip-non-ca': false };
/** Reads what one `--ca` names. */
async function readSource(name: string, more: Partial<typeof strict> = {}) {
  const [source] = await buildInputs.ca.parse([name], { ...strict, ...more } as never);
  if (!source) throw new Error('unreachable');
  return source;
}

async function readFolder(files: Readonly<Record<string, string | Buffer>>, more: Partial<typeof strict> = {}) {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  await mkdir(path.join(folder, 'old.crt'));
  await symlink('nothing.pem', path.join(folder, 'dangling.pem'));
  await symlink('nothing.pem', path.join(folder, 'ignored.txt'));
  const read = async () => readSource(folder, more);
  return { folder, read };
}

/** What macOS puts beside a file in an archive: AppleDouble, version 2 (RFC 1740). */
const appleDouble = Buffer.from('00051607000200004d6163204f532058', 'hex');

test('what is called like a certificate in a folder and is none is skipped with a word', async () => {
  const { folder, read } = await readFolder({
    'ca.crt': first,
    '._ca.crt': appleDouble,
    'empty.pem': '',
    'readme.pem': 'Hi',
  });
  const { certificates, skipped, files } = await read();
  expect(certificates.map(({ subject }) => subject)).toEqual(['CN=Root']);
  expect(skipped).toEqual(
    [
      '._ca.crt has attributes that macOS keeps, and no certificate',
      'dangling.pem is a link to nothing',
      'old.crt is a directory',
      'empty.pem is empty',
      'readme.pem does not contain a certificate',
    ].map((each) => path.join(folder, each)),
  );
  // What was read is part of what the bundle was built from.
  expect(files.map((each) => path.basename(each.path))).toEqual(['ca.crt', 'empty.pem', 'readme.pem']);
});

test('a folder in which no file has a certificate is an error that says why', async () => {
  const { folder, read } = await readFolder({ 'empty.pem': '' });
  await expect(read()).rejects.toThrow(
    `No file in ${folder} has a certificate: ${path.join(folder, 'dangling.pem')} is a link`,
  );
});

test.each<[string, string | Buffer, RegExp]>([
  ['a damaged certificate', second.slice(0, 200), /cut off/],
  ['a private key', privateKey('pkcs8'), /is a private key/],
  ['an expired certificate', make('Old', expired).pem, /expired/],
  ['a damaged DER file', root.der.subarray(0, 100), /damaged DER/],
])('%s in a folder stays an error: it may be the one that is needed', async (_, content, message) => {
  const { read } = await readFolder({ 'ca.crt': first, 'other.crt': content });
  await expect(read()).rejects.toThrow(message);
});

test('a file that is named itself must have a certificate', async () => {
  const { folder } = await readFolder({ 'empty.pem': '' });
  await expect(readSource(path.join(folder, 'empty.pem'))).rejects.toThrow('is empty');
});

test("--skip-non-ca takes a chain without the server's own certificate", async () => {
  const leaf = make('server.example', { issuer: root, isCa: false }).pem;
  const { folder, read } = await readFolder({ 'chain.pem': leaf + first }, { 'skip-non-ca': true });
  const { certificates, skipped } = await read();
  expect(certificates.map(({ subject }) => subject)).toEqual(['CN=Root']);
  const chain = path.join(folder, 'chain.pem');
  expect(skipped).toContain(`${chain}: block 1 (line 1) (CN=server.example) is not a CA certificate: it has CA:FALSE`);
  const file = readSource(chain);
  await expect(file).rejects.toMatchObject({
    suggestions: expect.arrayContaining([{ text: expect.stringContaining('--skip-non-ca') }]),
  });
  await expect(readSource(chain, { 'skip-non-ca': true, 'allow-non-ca': true })).rejects.toThrow(
    '--allow-non-ca and --skip-non-ca conflict',
  );
});
