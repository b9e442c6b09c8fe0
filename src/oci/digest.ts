import { createHash, type Hash } from 'node:crypto';
import { UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { badImage } from './bad-image.ts';

const LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha512: 128 };

/** Checks bytes against a digest as they come. */
export interface DigestCheck {
  update(chunk: Uint8Array): void;
  /** @throws UserError `SPACECTL_DIGEST_MISMATCH` if the bytes do not match the digest or the size */
  finish(): void;
}

/**
 * Checks bytes against a digest (`sha256:…`, `sha512:…`) and, if given, a size in bytes.
 *
 * @param what names the bytes in the error: `The layer sha256:…`
 * @throws UserError `SPACECTL_BAD_IMAGE` if the digest is malformed; `update` throws as soon as there are too many bytes
 */
export function checkDigest(digest: string, what: string, size?: number): DigestCheck {
  const hash = hashOf(digest);
  let seen = 0;
  return {
    update(chunk) {
      seen += chunk.length;
      if (size !== undefined && seen > size) throw mismatch(`${what} has more than the expected ${size} bytes`);
      hash.update(chunk);
    },
    finish() {
      if (size !== undefined && seen < size) throw endedEarly(what, seen, size);
      const found = `${digest.split(':')[0]}:${hash.digest('hex')}`;
      if (found !== digest) throw mismatch(`${what} does not match its digest: received ${found}`);
    },
  };
}

/** Returns the digest of bytes: `sha256:…`. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${sha256(bytes)}`;
}

function hashOf(digest: string): Hash {
  const [algorithm = '', hex = ''] = digest.split(':');
  if (LENGTHS[algorithm] !== hex.length || !/^[0-9a-f]+$/.test(hex)) {
    throw badImage(`"${digest}" is not a digest: expected sha256: or sha512: and lower-case hexadecimal digits`);
  }
  return createHash(algorithm);
}

/** A part is not said to be altered: it may be the beginning of the right bytes. */
function endedEarly(what: string, seen: number, size: number): UserError {
  return new UserError('SPACECTL_DIGEST_MISMATCH', `${what} ended early, after ${seen} of ${size} bytes`, {
    suggestions: ['Copy the image again: only a part of it is there'],
  });
}

function mismatch(message: string): UserError {
  return new UserError('SPACECTL_DIGEST_MISMATCH', message, {
    suggestions: ['Try again. If it fails again, the registry, a proxy or a mirror alters the data'],
  });
}
