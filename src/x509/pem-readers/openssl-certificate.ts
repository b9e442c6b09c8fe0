import { X509Certificate } from 'node:crypto';
import { readElement } from '../der.ts';
import { kindOf } from '../der-kind.ts';
import { plainNamesOf } from '../plain-names.ts';
import { readTrustSettings } from '../trust-settings.ts';

/**
 * Takes the certificate from a block, as OpenSSL does (openssl:crypto/pem/pem_info.c). It ignores what follows a
 * certificate, and blocks of labels that it does not know.
 * @returns `undefined` for a block of another kind; a text that says why OpenSSL rejects the block
 */
export function certificateIn(
  { bytes, headers }: { readonly bytes: Buffer; readonly headers: string },
  label: string,
): Buffer | string | undefined {
  const isCertificate = /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label);
  if (!isCertificate && label !== 'X509 CRL') return undefined;
  if (headers !== '') return 'has headers or a blank line between BEGIN and END';
  const first = readElement(bytes)?.bytes ?? bytes;
  if (!isCertificate) return kindOf(first) === 'revocation list' ? undefined : 'is not a revocation list';
  if (!isReadableByOpenssl(first)) return 'is not a certificate';
  if (label === 'TRUSTED CERTIFICATE' && readTrustSettings(bytes) === 'damaged') return 'has damaged trust settings';
  return first;
}

/** Reports whether OpenSSL can read a certificate. Node's own copy is asked about unusual ones only: that takes longer. */
export function isReadableByOpenssl(der: Buffer): boolean {
  if (plainNamesOf(der)) return true;
  try {
    return new X509Certificate(der).raw.length > 0;
  } catch {
    return false;
  }
}
