import type * as Match from './key-match.ts';

/** Checks whether a CSR and a token were made for a private key. @throws UserError if one of them cannot be read */
export async function checkKeyMatch(files: Parameters<typeof Match.checkKeyMatch>[0]) {
  return (await import('./key-match.ts')).checkKeyMatch(files);
}

/** Reports whether a token was issued for a key or a request. @returns `undefined` if nothing shows it */
export async function isTokenForKey(...files: Parameters<typeof Match.isTokenForKey>): Promise<boolean | undefined> {
  return (await import('./key-match.ts')).isTokenForKey(...files);
}

/** Reports whether bytes are a PEM certificate signing request, signed by its own RSA key. */
export async function isRequest(bytes: Uint8Array): Promise<boolean> {
  const { readCsr } = await import('./read-csr.ts');
  const request = readCsr(Buffer.from(bytes).toString('utf8'));
  return request !== undefined && request.isSelfSigned !== false;
}

/** Generates a private key. @returns PKCS#8 PEM */
export async function makeKey(bits: number): Promise<Buffer> {
  return (await import('./keypair.ts')).generateKey(bits);
}
