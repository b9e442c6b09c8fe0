/** What other nouns may use of this one. Machinery is behind functions that load it when called. */
export { encodeBase64 } from './base64.ts';
export { CSR_FILE, KEY_FILE } from './keypair-step.ts';
export { readToken, type Token } from './token.ts';

/** Whether a token belongs to a key. @throws UserError where one of them cannot be read */
export async function tokenBelongsTo(token: Uint8Array, key: { name: string; bytes: Uint8Array }): Promise<boolean> {
  const { checkBelonging } = await import('./belonging.ts');
  return checkBelonging({ key, token }).belongTogether;
}
