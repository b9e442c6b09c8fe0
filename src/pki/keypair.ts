import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { undoIfStopped } from '../core/unfinished.ts';

/** Generates an RSA key, in native code off the main thread. @returns PKCS#8 PEM (RFC 5958), unencrypted */
export async function generateKey(bits: number): Promise<Buffer> {
  const generation = promisify(generateKeyPair)('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  // The native code cannot be stopped, and Node does not exit before it is done.
  const finished = undoIfStopped(async () => void (await generation));
  try {
    return Buffer.from((await generation).privateKey);
  } finally {
    finished();
  }
}

/**
 * Reads a pool's private key.
 * @param file its name, for errors
 * @throws UserError `SPACECTL_BAD_DATA` if it is not an RSA key, or if it has a passphrase
 */
export function readKey(pem: Uint8Array, file: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(pem), format: 'pem' });
  } catch (cause) {
    const isEncrypted = Buffer.from(pem).includes('ENCRYPTED');
    const what = isEncrypted
      ? 'is protected by a passphrase, which the launcher does not support'
      : 'does not contain a PEM private key';
    // OpenSSL's message, kept as the cause, quotes nothing of the key.
    throw new UserError('SPACECTL_BAD_DATA', `${file} ${what}`, {
      suggestions: isEncrypted
        ? [{ command: `openssl pkey -in ${quoteIfNeeded(file)} -out ${quoteIfNeeded(`${file}.plain`)}` }]
        : [],
      cause,
    });
  }
  if (key.asymmetricKeyType !== 'rsa') {
    const type = key.asymmetricKeyType?.toUpperCase();
    throw new UserError('SPACECTL_BAD_DATA', `${file} contains an ${type} key, but worker pools require an RSA key`);
  }
  return key;
}

/** Returns the public key as DER of the SubjectPublicKeyInfo: equal bytes mean equal keys. */
export function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}
