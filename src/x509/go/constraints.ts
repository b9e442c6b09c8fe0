import { childrenOf, type Element, readElement } from '../der.ts';
import { addressOf, canonicalAddress } from './address.ts';
import type { GoCertificate } from './certificate.ts';
import { type AlternativeNames, alternativeNamesOf } from './names.ts';

/** Constraints of one kind: texts as they are, addresses as octets and mask. */
interface Subtrees {
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
  readonly ranges: readonly Buffer[];
}

interface NameConstraints {
  readonly permitted: Subtrees;
  readonly excluded: Subtrees;
  /** Whether it constrains names of types that Go does not support, such as directoryName. */
  readonly hasUnsupported: boolean;
}

const [EMAIL, DNS, URI, ADDRESS] = [0x81, 0x82, 0x86, 0x87];

/** Reads nameConstraints (`parseNameConstraintsExtension` in crypto/x509/parser.go). @returns `undefined` if there is none */
export function nameConstraintsOf({ extensions }: GoCertificate): NameConstraints | undefined {
  const extension = extensions.get('2.5.29.30');
  if (!extension) return undefined;
  const lists = childrenOf(readElement(extension.value));
  const bases = (list: number) =>
    childrenOf(lists.find(({ tag }) => tag === list)).flatMap((subtree) => childrenOf(subtree)[0] ?? []);
  const [permitted, excluded] = [bases(0xa0), bases(0xa1)];
  const hasUnsupported = [...permitted, ...excluded].some(({ tag }) => ![EMAIL, DNS, URI, ADDRESS].includes(tag));
  return { permitted: subtreesOf(permitted), excluded: subtreesOf(excluded), hasUnsupported };
}

function subtreesOf(bases: readonly Element[]): Subtrees {
  const of = (kind: number) => bases.filter(({ tag }) => tag === kind).map(({ content }) => content);
  const texts = (kind: number) => of(kind).map((content) => content.toString('latin1'));
  return { dns: texts(DNS), emails: texts(EMAIL), uris: texts(URI), ranges: of(ADDRESS) };
}

/** A name that a certificate above it forbids. */
export interface ForbiddenName {
  /** The certificate that forbids it. */
  readonly certificate: GoCertificate;
  readonly name: string;
  /** The first version of Go that minds, if not every Go from 1.23 on. */
  readonly since?: string;
}

/**
 * Finds a name in a chain that a certificate above it forbids (`checkChainConstraints` in crypto/x509/constraints.go; up to
 * 1.25 `checkNameConstraints` in verify.go). All names of a certificate count, not only the one that is asked for.
 *
 * @param chain the server's certificate first
 */
export function forbiddenNameIn(chain: readonly GoCertificate[]): ForbiddenName | undefined {
  for (const [height, certificate] of chain.entries()) {
    const constraints = nameConstraintsOf(certificate);
    if (!constraints) continue;
    for (const below of chain.slice(0, height)) {
      const names = alternativeNamesOf(below);
      const name = names && forbiddenName(names, constraints);
      if (name !== undefined) return { certificate, name };
      const sibling = names?.dns.find((each) =>
        constraints.excluded.dns.some((excluded) => coversSibling(each, excluded)),
      );
      if (sibling !== undefined) return { certificate, name: sibling, since: '1.26' };
    }
  }
  return undefined;
}

/** `chainConstraints.check`: a name of a constrained type must be permitted, if anything is, and not be excluded. */
function forbiddenName(names: AlternativeNames, { permitted, excluded }: NameConstraints): string | undefined {
  const isForbidden = <T>(
    name: T,
    kind: 'dns' | 'emails' | 'uris',
    matches: (name: T, constraint: string) => boolean,
  ) =>
    (permitted[kind].length > 0 && !permitted[kind].some((each) => matches(name, each))) ||
    excluded[kind].some((each) => matches(name, each));
  const address = names.addresses.find(
    (each) =>
      (permitted.ranges.length > 0 && !permitted.ranges.some((range) => isInRange(each, range))) ||
      excluded.ranges.some((range) => isInRange(each, range)),
  );
  return (
    (address && (addressOf(address) ?? '')) ??
    names.dns.find((name) => !isValidDomain(name) || isForbidden(name, 'dns', isBelow)) ??
    names.uris.find((uri) => {
      const host = hostOf(uri);
      return host === undefined || isForbidden(host, 'uris', isBelow);
    }) ??
    names.emails.find((email) => {
      const mailbox = mailboxOf(email);
      return !mailbox || isForbidden(mailbox, 'emails', isMailboxBelow);
    })
  );
}

/** `dnsHasSuffix`: "example.com" and what is below it; ".example.com" only what is below it; an empty one everything. */
function isBelow(name: string, constraint: string): boolean {
  const [whole, end] = [name.toLowerCase(), constraint.toLowerCase()];
  return end === '' || whole === end || whole.endsWith(end.startsWith('.') ? end : `.${end}`);
}

/** "*.example.com" is excluded by "www.example.com" (`dnsConstraints.query`, since 1.26). */
function coversSibling(name: string, constraint: string): boolean {
  const parent = withoutFirstLabel(constraint);
  return name.startsWith('*') && parent !== '' && parent === withoutFirstLabel(name);
}

function withoutFirstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot).toLowerCase();
}

function isInRange(address: Buffer, range: Buffer): boolean {
  const { length } = address;
  if (range.length !== 2 * length) return false;
  return address.every((octet, index) => {
    const mask = range[length + index] as number;
    return (octet & mask) === ((range[index] as number) & mask);
  });
}

/** `domainNameValid`: printable labels that are not empty; no dot at the end. */
function isValidDomain(name: string): boolean {
  return name === '' || /^[\x21-\x2d\x2f-\x7e]+(?:\.[\x21-\x2d\x2f-\x7e]+)*$/.test(name);
}

/** Returns the host of a URI (`parseURIs`). @returns `undefined` if it has none, or an address: Go then rejects the chain */
function hostOf(uri: string): string | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#@:[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1];
  return host === undefined || canonicalAddress(host) !== undefined || !isValidDomain(host) ? undefined : host;
}

interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/** `parseRFC2821Mailbox`. @returns `undefined` if it cannot be read: Go then rejects the chain */
function mailboxOf(email: string): Mailbox | undefined {
  const { local = '', domain = '' } = MAILBOX.exec(email)?.groups ?? {};
  return local !== '' && isValidDomain(domain) ? { local, domain: domain.toLowerCase() } : undefined;
}

/** A quoted text, or atoms (RFC 2822, 3.2.4) joined by dots; and anything without "@". */
const MAILBOX = /^(?<local>"(?:[^"\\]|\\.)*"|[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*)@(?<domain>[^@]*)$/;

function isMailboxBelow({ local, domain }: Mailbox, constraint: string): boolean {
  if (!constraint.includes('@')) return isBelow(domain, constraint);
  const other = mailboxOf(constraint);
  return other?.local === local && other.domain === domain;
}
