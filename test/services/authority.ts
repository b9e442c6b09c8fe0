import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './temporary.ts';

/** A certificate authority made for one test, and a server certificate it has signed. All PEM. */
export interface Authority {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Makes a private authority with OpenSSL, and a certificate for `127.0.0.1`, `localhost` and other names.
 *
 * @param names further DNS names of the server
 */
export async function createAuthority(names: readonly string[] = []): Promise<Authority> {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const openssl = (...parameters: string[]) => execa('openssl', parameters);
  await openssl(
    'req',
    '-x509',
    ...curve,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
    '-days',
    '90',
    '-subj',
    '/CN=Test CA',
  );
  await openssl('req', ...curve, '-keyout', at('tls.key'), '-out', at('tls.csr'), '-subj', '/CN=localhost');
  const subjects = ['IP:127.0.0.1', 'DNS:localhost', ...names.map((name) => `DNS:${name}`)];
  await writeFile(at('extensions'), `subjectAltName=${subjects.join(',')}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  const authority = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('extensions')];
  await openssl('x509', '-req', '-in', at('tls.csr'), ...authority, '-out', at('tls.crt'), '-days', '90');
  const read = (name: string) => readFile(at(name), 'utf8');
  return { authority: await read('ca.crt'), certificate: await read('tls.crt'), key: await read('tls.key') };
}
