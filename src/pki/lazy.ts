import type * as Belonging from './belonging.ts';

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
