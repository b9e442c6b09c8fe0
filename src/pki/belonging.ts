import { X509Certificate } from 'node:crypto';
import { readCsr } from './csr.ts';
import { publicKeyOf, readKey } from './keypair.ts';
import { readToken } from './token.ts';

/** Whether what was given is made with the one key. */
export interface Belonging {
  readonly belongTogether: boolean;
  readonly findings: readonly { readonly part: 'CSR' | 'token'; readonly isGood: boolean; readonly finding: string }[];
}

/**
 * Whether a request, and the certificate in a token, belong to a key.
 * @throws UserError where one of them cannot be read at all
 */
export function checkBelonging(files: {
  readonly key: { readonly name: string; readonly bytes: Uint8Array };
  readonly csr?: Uint8Array | undefined;
  readonly token?: Uint8Array | undefined;
}): Belonging {
  const publicKey = publicKeyOf(readKey(files.key.bytes, files.key.name));
  const findings: Belonging['findings'][number][] = [];
  const find = (part: 'CSR' | 'token', isGood: boolean, finding: string) => findings.push({ part, isGood, finding });
  if (files.csr) {
    const request = readCsr(Buffer.from(files.csr).toString('utf8'));
    if (!request) find('CSR', false, 'it is no certificate signing request in PEM with an RSA key');
    else if (!request.publicKey.equals(publicKey)) find('CSR', false, 'it was made with another key');
    else if (!request.isSelfSigned) find('CSR', false, 'its signature does not verify');
    else find('CSR', true, 'it was made with this key');
  }
  if (files.token) {
    const keys = readToken(files.token).certificates.map(publicKeyInside);
    if (keys.some((each) => each?.equals(publicKey))) find('token', true, 'it holds a certificate for this key');
    else if (keys.length > 0) find('token', false, 'none of its certificates is for this key');
    else find('token', true, 'it holds no certificate, so nothing speaks against it');
  }
  return { belongTogether: findings.every(({ isGood }) => isGood), findings };
}

function publicKeyInside(certificate: string): Buffer | undefined {
  try {
    return new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  } catch {
    return undefined;
  }
}
