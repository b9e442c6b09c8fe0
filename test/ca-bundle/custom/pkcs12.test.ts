import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { readCustomCertificates } from '../../../src/ca-bundle/custom/custom-certificates.ts';
import type { UserError } from '../../../src/core/errors.ts';
import { make, root, strict } from '../../services/given-certificates.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** Makes a PKCS#12 file of a server's certificate, its key and its CA. */
async function exportChain(folder: string, options: readonly string[]): Promise<string> {
  const leaf = make('server.example', { issuer: root, isCa: false });
  const key = leaf.keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(path.join(folder, 'chain.pem'), `${key}${leaf.pem}${root.pem}`);
  const file = path.join(folder, 'chain.pfx');
  await execa('openssl', ['pkcs12', '-export', ...options, '-in', 'chain.pem', '-out', file, '-passout', 'pass:x'], {
    cwd: folder,
  });
  return file;
}

testWith('openssl').each([
  ['with RC2, as Windows does', ['-legacy'], true],
  ['with RC2 of 128 bits', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128'], true],
  ['with Triple DES', ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES'], false],
  ['with AES', [], false],
] as const)('the advice for a PKCS#12 file encrypted %s works', async (_, options, isLegacy) => {
  const folder = await temporaryFolder();
  const file = await exportChain(folder, options);
  const bytes = await readFile(file);
  let advice = '';
  try {
    readCustomCertificates(bytes, file, strict);
  } catch (error) {
    advice = (error as UserError).suggestions[0]?.command ?? '';
  }
  expect(advice.includes('-legacy')).toBe(isLegacy);
  // It asks for the password on a terminal.
  await execa(`${advice} -passin pass:x`, { cwd: folder, shell: true });
  const written = await readFile(path.join(folder, 'ca.pem'));
  const { certificates } = readCustomCertificates(written, 'ca.pem', { ...strict, skipNonCa: true });
  expect(certificates.map(({ subject }) => subject)).toEqual(['CN=Root']);
});
