import {
  createMessage,
  type Key,
  readKeys,
  readSignature,
  type Signature,
  type Subkey,
  type VerifyMessageResult,
  verify,
} from 'openpgp';
import { UserError } from '../core/errors.ts';

/** The key that signs launchers. */
export interface SigningKey {
  readonly key: Key;
  /** Hexadecimal, upper case. */
  readonly fingerprint: string;
  /** Absent if it never expires. */
  readonly expiresAt?: Date;
  readonly isRevoked: boolean;
}

/**
 * Finds the key with a fingerprint in the bytes from a key server or a file, armored or not. Other keys are ignored.
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` that lists the keys found, if it is missing
 */
export async function readSigningKey(bytes: Uint8Array, fingerprint: string, origin: string): Promise<SigningKey> {
  const keys = await parseKeys(bytes, origin);
  const key = keys.find((each) => fingerprintOf(each) === fingerprint);
  if (!key) {
    const others = keys.map(fingerprintOf).join(', ');
    throw bad(`${origin} does not contain the key ${fingerprint}${others ? `, only ${others}` : ''}`);
  }
  const expiresAt = await expiryOf(key);
  return { key, fingerprint, isRevoked: await hasRevocation(key), ...(expiresAt && { expiresAt }) };
}

/** Adds what an older copy of the key has to a newer one: a revocation stays, whichever of the two has it. */
export async function mergeKeys(
  newer: SigningKey,
  older: SigningKey,
): Promise<{ readonly signingKey: SigningKey; readonly armored: string }> {
  const armored = (await newer.key.update(older.key)).toPublic().armor();
  return { armored, signingKey: await readSigningKey(Buffer.from(armored), newer.fingerprint, 'the merged key') };
}

/** Returns the public bytes of a key, armored: never the secret part of a key that was exported with it. */
export function armor({ key }: SigningKey): string {
  // RFC 9580, 6.2: armor ends lines with either kind of newline.
  return key.toPublic().armor().replaceAll('\r\n', '\n');
}

/** Reports whether one of the signatures names the key, or a subkey of it, as its signer. */
export async function hasSigner(signature: Uint8Array, { key }: SigningKey, origin: string): Promise<boolean> {
  const signers = (await parseSignature(signature, origin)).getSigningKeyIDs();
  return signers.some((signer) => key.getKeys().some((candidate) => candidate.getKeyID().equals(signer)));
}

/**
 * Verifies a detached signature over exactly these bytes, made by the key or one of its signing subkeys before the key
 * expired (RFC 9580, 5.2.1.1 and 10.1). No signature of a revoked key or subkey is accepted, whatever its date and the
 * reason: RFC 9580 (5.2.3.31) keeps what a superseded or retired key signed earlier, but an attacker who has the key can
 * choose the date. GnuPG, with which hosts verify, does the same.
 *
 * @returns the date of the signature
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` that says what is wrong
 */
export async function verifySignature(
  signed: Uint8Array,
  signature: Uint8Array,
  signingKey: SigningKey,
  origin: string,
): Promise<Date> {
  const { key, fingerprint, isRevoked } = signingKey;
  if (isRevoked) throw bad(`The signing key ${fingerprint} is revoked`);
  const { signatures } = await verify({
    message: await createMessage({ binary: signed }),
    signature: await parseSignature(signature, origin),
    verificationKeys: key,
    format: 'binary',
    // Extending the expiry adds a self-signature that is newer than earlier signatures, which stay valid.
    config: { allowInsecureVerificationWithReformattedKeys: true },
  }).catch((cause: unknown) => {
    // What can be read is not always valid: it may name an algorithm that does not exist.
    throw cause instanceof UserError ? cause : bad(`The signature of ${origin} is damaged`, cause);
  });
  const own = signatures.flatMap((each) => {
    const signer = key.getKeys().find((candidate) => candidate.getKeyID().equals(each.keyID));
    return signer ? [verifyOne(each, signer, signingKey, origin)] : [];
  });
  const outcomes = await Promise.allSettled(own);
  const valid = outcomes.find(({ status }) => status === 'fulfilled');
  if (valid?.status === 'fulfilled') return valid.value;
  const [first] = outcomes;
  throw first?.status === 'rejected' ? first.reason : bad(`${origin} is signed by a different key than ${fingerprint}`);
}

/** Judges one signature of the key, or of a subkey. @returns its date. @throws UserError */
async function verifyOne(
  { verified, signature }: VerifyMessageResult['signatures'][number],
  signer: Key | Subkey,
  { fingerprint, expiresAt }: SigningKey,
  origin: string,
): Promise<Date> {
  if (await hasRevocation(signer)) {
    throw bad(`${origin} is signed by a subkey of ${fingerprint} that is revoked: ${fingerprintOf(signer)}`);
  }
  const signedAt = (await signature).packets[0]?.created ?? new Date(Number.NaN);
  if (expiresAt && !(signedAt <= expiresAt))
    throw bad(`The signing key expired on ${day(expiresAt)}, before ${origin} was signed`);
  try {
    await verified;
    return signedAt;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw bad(`${origin} has no valid signature by ${fingerprint}: ${reason}`, cause);
  }
}

/** Reports whether a key, or a subkey, is revoked at any date. */
async function hasRevocation(key: Key | Subkey): Promise<boolean> {
  // The types do not say that the first two may be absent, and that `null` is any date.
  return key.isRevoked(undefined as never, undefined as never, null as never);
}

function fingerprintOf(key: Key | Subkey): string {
  return key.getFingerprint().toUpperCase();
}

async function parseKeys(bytes: Uint8Array, origin: string): Promise<readonly Key[]> {
  try {
    return isArmoured(bytes)
      ? await readKeys({ armoredKeys: Buffer.from(bytes).toString('latin1') })
      : await readKeys({ binaryKeys: bytes });
  } catch (cause) {
    throw bad(`${origin} is not an OpenPGP key${pageNote(bytes)}`, cause);
  }
}

async function parseSignature(bytes: Uint8Array, origin: string): Promise<Signature> {
  try {
    return isArmoured(bytes)
      ? await readSignature({ armoredSignature: Buffer.from(bytes).toString('latin1') })
      : await readSignature({ binarySignature: bytes });
  } catch (cause) {
    throw bad(`The signature of ${origin} is not an OpenPGP signature${pageNote(bytes)}`, cause);
  }
}

async function expiryOf(key: Key): Promise<Date | undefined> {
  const expiry = await key.getExpirationTime();
  return expiry instanceof Date ? expiry : undefined;
}

function isArmoured(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 1024)).toString('latin1').trimStart().startsWith('-----BEGIN PGP');
}

/** Explains a web page: captive portals and some proxies answer with status 200. */
function pageNote(bytes: Uint8Array): string {
  return /^\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))
    ? ' but a web page; a proxy may have answered instead of the server'
    : '';
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function bad(message: string, cause?: unknown): UserError {
  return new UserError('SPACECTL_DIGEST_MISMATCH', message, { cause });
}
