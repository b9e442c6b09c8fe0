import type { Fields } from './certificate-fields.ts';
import { childrenOf, oidOf, readElement, TAG } from './der.ts';

const ID = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKey: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0';

/** Reports whether subject and issuer are the same: it is signed with its own key, or another key of the same CA. */
export function isSelfIssued({ issuer, subject }: Fields): boolean {
  return issuer.equals(subject);
}

/**
 * Reports whether a certificate is signed with its own key, judging by names and key identifiers, like OpenSSL's
 * X509_check_issued. RFC 5280 (4.2.1.1) allows a CA to omit the identifier of the signing key only if it is its own. No
 * reader verifies the signature of a trust anchor.
 */
export function isSelfSigned(fields: Fields): boolean {
  if (!isSelfIssued(fields)) return false;
  const authority = childrenOf(extensionOf(fields, ID.authorityKey));
  const signer = authority.find(({ tag }) => tag === 0x80)?.content;
  const own = extensionOf(fields, ID.subjectKey)?.content;
  const serial = authority.find(({ tag }) => tag === 0x82)?.content;
  const names = childrenOf(authority.find(({ tag }) => tag === 0xa1));
  // Of several names, OpenSSL looks at the first that is a directory name.
  const issuer = names.find(({ tag }) => tag === 0xa4)?.content;
  const isOwnKey = !signer || !own || signer.equals(own);
  return isOwnKey && (!serial || serial.equals(fields.serial)) && (!issuer || issuer.equals(fields.issuer));
}

/**
 * Explains why a certificate must not sign others (RFC 5280, 4.2.1.3 and 4.2.1.9).
 * @returns the end of a sentence that begins with "it"; `undefined` for a CA certificate
 */
export function notCaReason(fields: Fields): string | undefined {
  const constraints = extensionOf(fields, ID.basicConstraints);
  // OpenSSL and Go still accept roots from before extensions existed.
  if (!constraints && fields.version < 3 && isSelfIssued(fields)) return undefined;
  if (!constraints) return 'has no basicConstraints extension';
  const [isCa] = childrenOf(constraints);
  if (isCa?.tag !== TAG.boolean || isCa.content[0] === 0) return 'has CA:FALSE';
  const usage = extensionOf(fields, ID.keyUsage);
  // keyCertSign is the sixth bit. The first octet of a BIT STRING is the number of unused bits.
  if (usage && ((usage.content[1] ?? 0) & 0x04) === 0) return 'may not sign certificates (no keyCertSign in keyUsage)';
  return undefined;
}

/** Reports whether it may issue TLS server certificates: `false` only if it is limited to other purposes. */
export function allowsServerAuth(fields: Fields): boolean {
  const purposes = childrenOf(extensionOf(fields, ID.extendedKeyUsage)).map(oidOf);
  return purposes.length === 0 || purposes.includes(SERVER_AUTH) || purposes.includes(ANY_EXTENDED_KEY_USAGE);
}

/** Reports whether it may issue certificates for certain names only. */
export function hasNameConstraints({ extensions }: Fields): boolean {
  return extensions.has(ID.nameConstraints);
}

function extensionOf({ extensions }: Fields, id: string) {
  const content = extensions.get(id);
  return content && readElement(content);
}
