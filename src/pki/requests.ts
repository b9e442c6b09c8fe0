import type { SubjectAttribute } from './subject.ts';

/** Creates a certificate signing request for an existing key. @param file the key's name, for errors. @returns PEM */
export async function makeRequest(
  key: Uint8Array,
  file: string,
  subject: readonly SubjectAttribute[],
): Promise<Buffer> {
  const { readKey } = await import('./keypair.ts');
  const { createCsr } = await import('./csr.ts');
  return Buffer.from(await createCsr(readKey(key, file), subject));
}
