import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toPem } from '../certificate.ts';
import { type Authority, LEAF_KEY, LEAF_NUMBER, makeAuthority, signServer } from '../certificate-shapes/authority.ts';
import { name, utf8 } from '../certificate-shapes/encode.ts';
import { pairOf } from '../certificate-shapes/keys.ts';

/**
 * Writes what the readers are asked: for each authority `N.bundle.pem`, in which a sound one follows it, `N.ca.pem` with
 * itself alone, and `N.leaf.pem`, the certificate of its server; `other.pem`, that of a server of the sound one; `key.pem`,
 * the key of all servers.
 * @param bundleOf what comes before the sound one, if not the authority alone
 */
export async function writeQuestions(
  folder: string,
  authorities: readonly Authority[],
  bundleOf: (authority: Authority) => readonly Authority[] = (authority) => [authority],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const write = (file: string, text: string | Buffer) => writeFile(path.join(folder, file), text);
  const other = makeAuthority('another authority', { subject: name(['CN', utf8('Another')]), keyNumber: 10 });
  await write('key.pem', pairOf(LEAF_KEY, LEAF_NUMBER).privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await write('other.pem', toPem(signServer(other)));
  for (const [index, authority] of authorities.entries()) {
    const number = String(index).padStart(5, '0');
    await write(`${number}.bundle.pem`, [...bundleOf(authority), other].map(({ der }) => toPem(der)).join(''));
    await write(`${number}.ca.pem`, toPem(authority.der));
    await write(`${number}.leaf.pem`, toPem(signServer(authority)));
  }
}
