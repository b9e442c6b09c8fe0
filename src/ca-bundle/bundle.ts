import { UserError } from '../step/errors.ts';
import { fingerprintOf } from './certificate.ts';
import type { CustomCertificate } from './custom.ts';
import { formatCertificate, readPem } from './pem.ts';

/** A trust store extended by custom certificates. */
export interface ExtendedBundle {
  readonly bytes: Buffer;
  readonly baseCertificates: number;
  /** In the order given; those that the base had already, or that were given twice, are not among them. */
  readonly added: readonly CustomCertificate[];
}

/**
 * Extends a bundle. The base's bytes are kept exactly as they are, with a newline where the last one is missing; each
 * addition follows under a comment that says what it is. The same input gives the same bytes.
 * @param origin where the base came from, for errors
 * @throws UserError `SPACECTL_NO_BUNDLE` where the base has no certificate at all
 */
export function extendBundle(base: Uint8Array, custom: readonly CustomCertificate[], origin: string): ExtendedBundle {
  const present = new Set<string>();
  for (const { label, bytes } of readPem(base, origin)) {
    if (label.endsWith('CERTIFICATE') && bytes) present.add(fingerprintOf(bytes));
  }
  const baseCertificates = present.size;
  if (baseCertificates === 0) throw new UserError('SPACECTL_NO_BUNDLE', `${origin} holds no certificate`);
  const added = custom.filter(({ fingerprint }) => !present.has(fingerprint) && present.add(fingerprint));
  const parts = [Buffer.from(base), ...(endsInNewline(base) ? [] : [Buffer.from('\n')]), ...added.map(format)];
  return { bytes: Buffer.concat(parts), baseCertificates, added };
}

function endsInNewline(bytes: Uint8Array): boolean {
  return bytes.at(-1) === 0x0a;
}

function format({ subject, fingerprint, notAfter, der }: CustomCertificate): Buffer {
  const day = notAfter.toISOString().slice(0, 10);
  return Buffer.from(`# ${subject}\n# SHA-256 ${fingerprint}, valid until ${day}\n${formatCertificate(der)}`);
}
