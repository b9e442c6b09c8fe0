import { sha256 } from '../../core/sha256.ts';
import { isReadableByOpenssl, readElement, readTidyPem } from '../../x509/index.ts';
import { type BaseCertificates, readOddBase } from './odd-base.ts';

/**
 * Reads the certificates of a base. Of nearly all bases, only as much is read as comparing them requires.
 * @param origin where the base comes from, for messages
 * @param isKnownSound whether its certificates were parsed before: that takes five times as long as everything else
 * @throws UserError `SPACECTL_NO_BUNDLE` if the base has no certificate; `SPACECTL_BAD_CERTIFICATE` if it has a private key,
 *   or if OpenSSL cannot read it
 */
export function readBaseCertificates(base: Buffer, origin: string, isKnownSound: boolean): BaseCertificates {
  const tidy = readTidyPem(base.toString('latin1'));
  const isSound = (der: Buffer) => isOneValue(der) && (isKnownSound || isReadableByOpenssl(der));
  if (!tidy?.every(isSound) || tidy.length === 0) return readOddBase(base, origin);
  // Digests tell certificates apart, and are cheaper than parsing them.
  const ders = new Map(tidy.map((der) => [sha256(der), der]));
  return { ders, readByAll: new Set(ders.keys()), distrusted: new Set(), warnings: [] };
}

function isOneValue(der: Buffer): boolean {
  return readElement(der)?.bytes.length === der.length;
}
