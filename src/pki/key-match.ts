import { X509Certificate } from 'node:crypto';
import { publicKeyOf, readKey } from './keypair.ts';
import { readCsr } from './read-csr.ts';
import { readToken } from './token.ts';

/** A private key, and how errors name it. */
interface NamedKey {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Whether a CSR and a token match a private key. */
export interface KeyMatch {
  readonly belongTogether: boolean;
  readonly findings: readonly { readonly part: 'CSR' | 'token'; readonly isGood: boolean; readonly finding: string }[];
}

/**
 * Checks whether a CSR and the certificates in a token were made for a private key.
 * @throws UserError if the key or the token cannot be read
 */
export function checkKeyMatch(files: {
  readonly key: NamedKey;
  readonly csr?: Uint8Array | undefined;
  readonly token?: Uint8Array | undefined;
}): KeyMatch {
  const publicKey = publicKeyOf(readKey(files.key.bytes, files.key.name));
  const findings: KeyMatch['findings'][number][] = [];
  const add = (part: 'CSR' | 'token', isGood: boolean, finding: string) => findings.push({ part, isGood, finding });
  if (files.csr) {
    const request = readCsr(Buffer.from(files.csr).toString('utf8'));
    if (!request) add('CSR', false, 'it is not a PEM certificate signing request with an RSA key');
    else if (!request.publicKey.equals(publicKey)) add('CSR', false, 'it was made with a different key');
    else if (request.isSelfSigned === false) add('CSR', false, 'its signature is not valid');
    else add('CSR', true, 'it was made with this key');
  }
  if (files.token) {
    const keys = readToken(files.token).certificates.map(publicKeyInside);
    if (keys.some((each) => each?.equals(publicKey))) add('token', true, 'it contains a certificate for this key');
    else if (keys.length > 0) add('token', false, 'it contains no certificate for this key');
    else add('token', true, 'it contains no certificate, so it cannot be compared with the key');
  }
  return { belongTogether: findings.every(({ isGood }) => isGood), findings };
}

/**
 * Reports whether a token was issued for a pool's key: the private key or, without it, the certificate request.
 * @returns `undefined` if nothing shows it: there is neither, or the token contains no certificate
 * @throws UserError if the key or the token cannot be read
 */
export function isTokenForKey(
  token: Uint8Array,
  { key, csr }: { readonly key?: NamedKey | undefined; readonly csr?: Uint8Array | undefined },
): boolean | undefined {
  const expected = key
    ? publicKeyOf(readKey(key.bytes, key.name))
    : csr && readCsr(Buffer.from(csr).toString('utf8'))?.publicKey;
  const keys = readToken(token).certificates.map(publicKeyInside);
  if (!expected || keys.length === 0) return undefined;
  return keys.some((each) => each?.equals(expected));
}

function publicKeyInside(certificate: string): Buffer | undefined {
  try {
    return new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  } catch {
    return undefined;
  }
}
