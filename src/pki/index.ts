/** What other nouns may use of this one. Machinery is behind functions that load it when called. */
import type * as Belonging from './belonging.ts';

export { encodeBase64 } from './base64.ts';
export { CSR_FILE, DEFAULT_BITS, KEY_FILE, keyInputs, subjectOf } from './keypair-step.ts';
export { makeRequest } from './requests.ts';
export { readToken, type Token } from './token.ts';

/** Whether a request, and the certificate in a token, belong to a key. @throws UserError where one cannot be read */
export async function checkBelonging(files: Parameters<typeof Belonging.checkBelonging>[0]) {
  return (await import('./belonging.ts')).checkBelonging(files);
}

/** Whether a token belongs to a key. @throws UserError where one of them cannot be read */
export async function tokenBelongsTo(token: Uint8Array, key: { name: string; bytes: Uint8Array }): Promise<boolean> {
  return (await checkBelonging({ key, token })).belongTogether;
}

/** Whether bytes are a certificate signing request in PEM, signed by its own RSA key. */
export async function isRequest(bytes: Uint8Array): Promise<boolean> {
  const { readCsr } = await import('./csr.ts');
  return readCsr(Buffer.from(bytes).toString('utf8'))?.isSelfSigned ?? false;
}

/** A new private key. @returns PKCS#8 PEM */
export async function makeKey(bits: number): Promise<Buffer> {
  return (await import('./keypair.ts')).generateKey(bits);
}
