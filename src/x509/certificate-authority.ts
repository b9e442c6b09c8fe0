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

/** Whether subject and issuer are one: it is signed with its own key, or another key of the same authority. */
export function isSelfIssued({ issuer, subject }: Fields): boolean {
  return issuer.equals(subject);
}

/**
 * Whether a certificate is signed with its own key. Told by its names and key identifiers, as OpenSSL's X509_check_issued
 * does; RFC 5280 (4.2.1.1) lets an authority leave out the identifier of the signing key only where it is its own. The
 * signature of a trust anchor is verified by nobody.
 */
export function isSelfSigned(fields: Fields): boolean {
  if (!isSelfIssued(fields)) return false;
  const signer = childrenOf(extensionOf(fields, ID.authorityKey)).find(({ tag }) => tag === 0x80)?.content;
  const own = extensionOf(fields, ID.subjectKey)?.content;
  return !signer || !own || signer.equals(own);
}

/** Why a certificate may not sign others (RFC 5280, 4.2.1.3 and 4.2.1.9), to follow "it"; `undefined` where it may. */
export function whyNoAuthority(fields: Fields): string | undefined {
  const constraints = extensionOf(fields, ID.basicConstraints);
  // Roots older than extensions are still taken for authorities by OpenSSL and Go.
  if (!constraints && fields.version < 3 && isSelfIssued(fields)) return undefined;
  if (!constraints) return 'does not say that it is one (no basicConstraints)';
  const [isCa] = childrenOf(constraints);
  if (isCa?.tag !== TAG.boolean || isCa.content[0] === 0) return 'says that it is none (CA:FALSE)';
  const usage = extensionOf(fields, ID.keyUsage);
  // keyCertSign is the sixth bit; the first octet of a BIT STRING counts the unused ones.
  if (usage && ((usage.content[1] ?? 0) & 0x04) === 0) return 'may not sign certificates (no keyCertSign in keyUsage)';
  return undefined;
}

/** Whether it may vouch for TLS servers: `false` only where it is limited to other purposes. */
export function mayVouchForServers(fields: Fields): boolean {
  const purposes = childrenOf(extensionOf(fields, ID.extendedKeyUsage)).map(oidOf);
  return purposes.length === 0 || purposes.includes(SERVER_AUTH) || purposes.includes(ANY_EXTENDED_KEY_USAGE);
}

/** Whether it may vouch for some names only. */
export function hasNameConstraints({ extensions }: Fields): boolean {
  return extensions.has(ID.nameConstraints);
}

function extensionOf({ extensions }: Fields, id: string) {
  const content = extensions.get(id);
  return content && readElement(content);
}
