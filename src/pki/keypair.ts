import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { UserError } from '../core/errors.ts';
import { undoIfStopped } from '../core/unfinished.ts';
import { wordFor } from '../core/words.ts';

/** A new RSA key, made in native code off the main thread. @returns PKCS#8 PEM (RFC 5958), unencrypted */
export async function generateKey(bits: number): Promise<Buffer> {
  const generation = promisify(generateKeyPair)('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  // Nothing stops the native code, and Node does not end before it has ended.
  const finished = undoIfStopped(async () => void (await generation));
  try {
    return Buffer.from((await generation).privateKey);
  } finally {
    finished();
  }
}

/**
 * Reads a pool's private key. @param file its name, for errors
 * @throws UserError `SPACECTL_BAD_DATA` where it is no RSA key, or is protected by a pass phrase
 */
export function readKey(pem: Uint8Array, file: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(pem), format: 'pem' });
  } catch (cause) {
    const isEncrypted = Buffer.from(pem).includes('ENCRYPTED');
    const what = isEncrypted
      ? 'is protected by a pass phrase, which the launcher cannot enter'
      : 'holds no private key in PEM';
    // OpenSSL's message is kept as the cause; it quotes nothing of the key.
    throw new UserError('SPACECTL_BAD_DATA', `${file} ${what}`, {
      suggestions: isEncrypted ? [`openssl pkey -in ${wordFor(file)} -out ${wordFor(`${file}.plain`)}`] : [],
      cause,
    });
  }
  if (key.asymmetricKeyType !== 'rsa') {
    const type = key.asymmetricKeyType?.toUpperCase();
    throw new UserError('SPACECTL_BAD_DATA', `${file} holds an ${type} key; worker pools take RSA keys`);
  }
  return key;
}

/** The public half, as DER of the SubjectPublicKeyInfo: equal bytes mean the same key. */
export function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}
