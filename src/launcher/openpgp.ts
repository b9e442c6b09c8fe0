import { createMessage, type Key, readKeys, readSignature, type Signature, verify } from 'openpgp';
import { UserError } from '../core/errors.ts';

/** The pinned key as far as it matters here. */
export interface SigningKey {
  readonly key: Key;
  /** Hexadecimal, upper case. */
  readonly fingerprint: string;
  /** When it runs out; never, if absent. */
  readonly expiresAt?: Date;
  readonly isRevoked: boolean;
}

/**
 * Reads the key with a fingerprint out of what a key server or a file gave, armoured or not. Everything else in there is
 * left alone.
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` where there is no such key, naming those there are
 */
export async function readSigningKey(bytes: Uint8Array, fingerprint: string, origin: string): Promise<SigningKey> {
  const keys = await parseKeys(bytes, origin);
  const key = keys.find((each) => each.getFingerprint().toUpperCase() === fingerprint);
  if (!key) {
    const others = keys.map((each) => each.getFingerprint().toUpperCase()).join(', ');
    throw bad(`${origin} holds another key than ${fingerprint}: ${others || 'none'}`);
  }
  const expiresAt = await expiryOf(key);
  return { key, fingerprint, isRevoked: await key.isRevoked(), ...(expiresAt && { expiresAt }) };
}

/**
 * Checks a detached signature: made by the key or by a signing subkey of it, over exactly these bytes, while the key was
 * neither expired nor revoked (RFC 9580, 5.2.1.1 and 10.1). A revoked key vouches for nothing, whenever it signed: who
 * holds it can date a signature as they like.
 *
 * @returns when it was signed
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` saying which of these it is not
 */
export async function checkSignature(
  signed: Uint8Array,
  signature: Uint8Array,
  { key, fingerprint, isRevoked, expiresAt }: SigningKey,
  origin: string,
): Promise<Date> {
  if (isRevoked) throw bad(`The signing key ${fingerprint} is revoked`);
  const parsed = await parseSignature(signature, origin);
  const ids = key.getKeys().map((each) => each.getKeyID().toHex());
  const own = parsed.packets.find((packet) => packet.issuerKeyID && ids.includes(packet.issuerKeyID.toHex()));
  if (!own) throw bad(`${origin} is signed by another key than ${fingerprint}`);
  const signedAt = own.created ?? new Date(Number.NaN);
  if (expiresAt && !(signedAt <= expiresAt))
    throw bad(`The signing key had expired on ${day(expiresAt)}, before ${origin} was signed`);
  const message = await createMessage({ binary: signed });
  const { signatures } = await verify({
    message,
    signature: parsed,
    verificationKeys: key,
    format: 'binary',
    // An extended expiry is a new self-signature, younger than what the key had signed before: it stays valid.
    config: { allowInsecureVerificationWithReformattedKeys: true },
  });
  const verdicts = await Promise.allSettled(signatures.map(({ verified }) => verified));
  if (verdicts.some(({ status }) => status === 'fulfilled')) return signedAt;
  const rejected = verdicts.find((verdict): verdict is PromiseRejectedResult => verdict.status === 'rejected');
  const reason = rejected?.reason instanceof Error ? rejected.reason.message : 'it does not verify';
  throw bad(`${origin} is not validly signed by ${fingerprint}: ${reason}`, rejected?.reason);
}

async function parseKeys(bytes: Uint8Array, origin: string): Promise<readonly Key[]> {
  try {
    return isArmoured(bytes)
      ? await readKeys({ armoredKeys: Buffer.from(bytes).toString('latin1') })
      : await readKeys({ binaryKeys: bytes });
  } catch (cause) {
    throw bad(`${origin} is no OpenPGP key${looksLikePage(bytes)}`, cause);
  }
}

async function parseSignature(bytes: Uint8Array, origin: string): Promise<Signature> {
  try {
    return isArmoured(bytes)
      ? await readSignature({ armoredSignature: Buffer.from(bytes).toString('latin1') })
      : await readSignature({ binarySignature: bytes });
  } catch (cause) {
    throw bad(`The signature of ${origin} is no OpenPGP signature${looksLikePage(bytes)}`, cause);
  }
}

async function expiryOf(key: Key): Promise<Date | undefined> {
  const expiry = await key.getExpirationTime();
  return expiry instanceof Date ? expiry : undefined;
}

function isArmoured(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 1024)).toString('latin1').trimStart().startsWith('-----BEGIN PGP');
}

/** A captive portal or a proxy's error page answers with status 200. */
function looksLikePage(bytes: Uint8Array): string {
  return /^\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))
    ? ', but a web page: whose proxy answers there?'
    : '';
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function bad(message: string, cause?: unknown): UserError {
  return new UserError('SPACECTL_DIGEST_MISMATCH', message, { cause });
}
