import { childrenOf, readElement } from '../der.ts';
import { addressOf, canonicalAddress } from './address.ts';
import type { GoCertificate } from './certificate.ts';

/** The names of subjectAltName that Go supports. */
export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly addresses: readonly Buffer[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
  /** Whether it has none of them: Go does not understand the extension then. */
  readonly isEmpty: boolean;
}

const [EMAIL, DNS, URI, ADDRESS] = [0x81, 0x82, 0x86, 0x87];

/** Reads subjectAltName (`parseSANExtension` in crypto/x509/parser.go). @returns `undefined` if there is none */
export function alternativeNamesOf({ extensions }: GoCertificate): AlternativeNames | undefined {
  const extension = extensions.get('2.5.29.17');
  if (!extension) return undefined;
  const names = childrenOf(readElement(extension.value));
  const of = (kind: number) => names.filter(({ tag }) => tag === kind).map(({ content }) => content);
  const texts = (kind: number) => of(kind).map((content) => content.toString('latin1'));
  return {
    dns: texts(DNS),
    addresses: of(ADDRESS),
    emails: texts(EMAIL),
    uris: texts(URI),
    isEmpty: !names.some(({ tag }) => tag === EMAIL || tag === DNS || tag === URI || tag === ADDRESS),
  };
}

/**
 * Reports whether a certificate is for a host (`Certificate.VerifyHostname` in crypto/x509/verify.go). Go never looks at
 * the common name.
 *
 * @param host a name, or an IP address without brackets
 */
export function isForHost(certificate: GoCertificate, host: string): boolean {
  const names = alternativeNamesOf(certificate);
  if (!names) return false;
  const address = canonicalAddress(host);
  if (address) return names.addresses.some((each) => addressOf(each) === address);
  const wanted = lower(host);
  const isValidInput = isValidHost(wanted.replace(/\.$/, ''), false);
  return names.dns.some((pattern) =>
    isValidInput && isValidHost(pattern, true)
      ? matchesLabels(lower(pattern), wanted.replace(/\.$/, ''))
      : pattern !== '' && pattern !== '.' && lower(pattern) === wanted,
  );
}

/** `validHostname`: labels of letters, digits, "_", and "-" except at the start; "*" only as the first label of several. */
function isValidHost(host: string, isPattern: boolean): boolean {
  if (host === '*') return false;
  return host
    .split('.')
    .every((label, index) => /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(label) || (isPattern && index === 0 && label === '*'));
}

function matchesLabels(pattern: string, host: string): boolean {
  const labels = host.split('.');
  const patterns = pattern.split('.');
  return (
    patterns.length === labels.length &&
    patterns.every((label, index) => (index === 0 && label === '*') || label === labels[index])
  );
}

/** Go folds only ASCII letters. */
function lower(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
