import { childrenOf, oidOf, readElement, TAG } from '../der.ts';
import type { GoCertificate } from './certificate.ts';
import { nameConstraintsOf } from './constraints.ts';
import { alternativeNamesOf } from './names.ts';

/** Reads basicConstraints (`parseBasicConstraintsExtension` in crypto/x509/parser.go). @returns `undefined` if there is none */
export function basicConstraintsOf({ extensions }: GoCertificate): { isCa: boolean; pathLength?: number } | undefined {
  const extension = extensions.get('2.5.29.19');
  if (!extension) return undefined;
  const parts = childrenOf(readElement(extension.value));
  const isCa = parts[0]?.tag === TAG.boolean && parts[0].content[0] !== 0;
  const length = parts.find(({ tag }) => tag === TAG.integer);
  return { isCa, ...(length && { pathLength: Number(`0x${length.content.toString('hex') || 0}`) }) };
}

/** Reports whether keyUsage forbids to sign certificates. One without any bit forbids nothing in Go. */
export function forbidsCertificateSigning({ extensions }: GoCertificate): boolean {
  const bits = readElement(extensions.get('2.5.29.15')?.value ?? Buffer.alloc(0))?.content.subarray(1);
  if (!bits || bits.every((octet) => octet === 0)) return false;
  return ((bits[0] ?? 0) & 0x04) === 0;
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_USAGE = '2.5.29.37.0';

/** Reports whether extendedKeyUsage allows TLS servers (`checkChainForKeyUsage` in verify.go). An empty list allows all. */
export function allowsServers({ extensions }: GoCertificate): boolean {
  const usages = childrenOf(readElement(extensions.get('2.5.29.37')?.value ?? Buffer.alloc(0))).map(oidOf);
  return usages.length === 0 || usages.includes(ANY_USAGE) || usages.includes(SERVER_AUTH);
}

/** Returns the subject key identifier; empty if there is none. */
export function subjectKeyIdOf({ extensions }: GoCertificate): Buffer {
  return readElement(extensions.get('2.5.29.14')?.value ?? Buffer.alloc(0))?.content ?? Buffer.alloc(0);
}

/** Returns the key identifier of the issuer; empty if there is none. */
export function authorityKeyIdOf({ extensions }: GoCertificate): Buffer {
  const [first] = childrenOf(readElement(extensions.get('2.5.29.35')?.value ?? Buffer.alloc(0)));
  return first?.tag === 0x80 ? first.content : Buffer.alloc(0);
}

/** The extensions that every Go since 1.23 handles (`processExtensions` in crypto/x509/parser.go). */
const HANDLED: readonly string[] = ['14', '15', '17', '19', '30', '31', '32', '35', '37'].map(
  (last) => `2.5.29.${last}`,
);

/** Policy mappings, policy constraints and inhibitAnyPolicy: handled since 1.24. */
const HANDLED_SINCE_1_24: readonly string[] = ['2.5.29.33', '2.5.29.36', '2.5.29.54'];

/**
 * Returns the object identifier of a critical extension that Go does not handle. Those of RFC 5280 count as handled only if
 * Go understands something in them: a name that it supports, constraints of types that it supports only.
 */
export function unhandledExtensionOf(
  certificate: GoCertificate,
): { readonly id: string; readonly before?: string } | undefined {
  for (const [id, { isCritical }] of certificate.extensions) {
    if (!isCritical) continue;
    if (HANDLED_SINCE_1_24.includes(id)) return { id, before: '1.24' };
    if (!HANDLED.includes(id)) return { id };
    if (id === '2.5.29.17' && alternativeNamesOf(certificate)?.isEmpty) return { id };
    if (id === '2.5.29.30' && nameConstraintsOf(certificate)?.hasUnsupported) return { id };
  }
  return undefined;
}
