import { type Certificate, fieldsOf, readerName } from '../../x509/index.ts';

const SUBJECT_KEY = '2.5.29.14';

/** What decides between two CAs of one name. */
interface Named {
  readonly key: Buffer;
  readonly hasKeyId: boolean;
}

/**
 * Warns of additions with the name of another certificate, but another key, where one of the two has no
 * subjectKeyIdentifier: OpenSSL (crypto/x509/x509_vfy.c, find_issuer, 3.0) then takes the first one that may have signed a
 * server's certificate, GnuTLS (lib/x509/verify.c, find_issuer, 3.7) the last one. Neither tries the other one.
 * @param base the certificates that come before, in the order of the bundle
 */
export function warnOfSameNames(base: readonly Buffer[], added: readonly Certificate[]): readonly string[] {
  const wanted = new Map<string, Named[]>();
  const subjects = added.map(({ der }) => fieldsOf(der)?.subject ?? der);
  for (const subject of subjects) wanted.set(subject.toString('latin1'), []);
  for (const der of base) {
    // Searching for a few names takes a hundredth of the time of parsing a certificate.
    const isOther = subjects.length <= 100 && !subjects.some((subject) => der.includes(subject));
    const named = isOther ? undefined : namedBy(der);
    if (named) wanted.get(named.subject)?.push(named);
  }
  return added.flatMap(({ der, subject: name }) => {
    const own = namedBy(der);
    const earlier = (own && wanted.get(own.subject)) ?? [];
    const others = own ? earlier.filter(({ key }) => !key.equals(own.key)) : [];
    if (own) earlier.push(own);
    const lost = [
      ...(others.some(({ hasKeyId }) => !hasKeyId) ? [readerName('openssl'), readerName('node')] : []),
      ...(others.length > 0 && own?.hasKeyId === false ? [readerName('gnutls')] : []),
    ];
    if (lost.length === 0) return [];
    return [
      `${name} is one of two CAs with this name, and one of them has no subjectKeyIdentifier: ${lost.join(' and ')} will use only one of them`,
    ];
  });
}

function namedBy(der: Buffer): (Named & { readonly subject: string }) | undefined {
  const fields = fieldsOf(der);
  if (!fields) return undefined;
  const { subject, publicKey, extensions } = fields;
  return { subject: subject.toString('latin1'), key: publicKey.bytes, hasKeyId: extensions.has(SUBJECT_KEY) };
}
