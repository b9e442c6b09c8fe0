import { TAG } from '../der.ts';
import { Bytes } from './cryptobyte.ts';
import { ID } from './extension-names.ts';

/**
 * How Go's crypto/x509 reads extensions (golang/go, src/crypto/x509/parser.go, processExtensions, read in 1.19 to 1.27): for
 * each the values it refuses. A certificate with one of them is not in the pool at all.
 */
export const GO_REFUSES: Readonly<Record<string, (value: Buffer) => boolean>> = {
  [ID.keyUsage]: (value) => new Bytes(value).bits() === undefined,
  [ID.basicConstraints]: (value) => !readsConstraints(value),
  [ID.subjectKey]: (value) => !new Bytes(value).read(TAG.octetString),
  [ID.authorityKey]: (value) => !readsAuthorityKey(value),
  [ID.purposes]: (value) => !readsEach(value, (list) => list.skipOid()),
  [ID.alternativeNames]: (value) => !readsEach(value, (list) => readsName(list.read())),
  [ID.nameConstraints]: (value) => !readsNameConstraints(value),
  [ID.revocationLists]: (value) => !readsEach(value, readsPoint),
  [ID.policies]: (value) => !readsEach(value, (list) => list.open(TAG.sequence)?.skipOid() ?? false),
  [ID.authorityInformation]: (value) => !readsEach(value, readsInformation),
};

/** The same for what Go reads only since 1.24. */
export const GO_1_24_REFUSES: Readonly<Record<string, (value: Buffer) => boolean>> = {
  [ID.policies]: hasPolicyTwice,
  [ID.policyMappings]: (value) =>
    !readsEach(value, (list) => {
      const pair = list.open(TAG.sequence);
      return pair?.read(TAG.oid) !== undefined && pair.read(TAG.oid) !== undefined;
    }),
  [ID.anyPolicy]: (value) => new Bytes(value).integer() === undefined,
  [ID.policyConstraints]: (value) => {
    const list = new Bytes(value).open(TAG.sequence);
    return !list || [0x80, 0x81].some((tag) => list.isNext(tag) && list.integer(tag) === undefined);
  },
};

function readsEach(value: Buffer, readsOne: (list: Bytes) => boolean): boolean {
  const list = new Bytes(value).open(TAG.sequence);
  if (!list) return false;
  while (!list.isEmpty) if (!readsOne(list)) return false;
  return true;
}

/** The path length must fit an int; what follows it is not looked at. */
function readsConstraints(value: Buffer): boolean {
  const list = new Bytes(value).open(TAG.sequence);
  if (!list || (list.isNext(TAG.boolean) && list.boolean() === undefined)) return false;
  const length = list.isNext(TAG.integer) ? list.integer() : Buffer.alloc(1);
  return length !== undefined && length.length <= 8;
}

function readsAuthorityKey(value: Buffer): boolean {
  const list = new Bytes(value).open(TAG.sequence);
  return list !== undefined && (!list.isNext(0x80) || list.read(0x80) !== undefined);
}

/** A GeneralName of subjectAltName. */
function readsName(name: ReturnType<Bytes['read']>): boolean {
  if (!name) return false;
  if (name.tag === 0x87) return name.content.length === 4 || name.content.length === 16;
  if (![0x81, 0x82, 0x86].includes(name.tag)) return true;
  return isAscii(name.content) && !(name.tag === 0x86 && isBrokenUri(name.content.toString('latin1')));
}

/**
 * Reports whether Go surely cannot parse a URI (net/url, `Parse`): a space or half an address as its host, or "%" without two
 * digits before the query. Its other rules are not followed: what is not plain is irregular (src/x509/readers/extension-types.ts).
 */
function isBrokenUri(uri: string): boolean {
  const [, rest = ''] = /^[A-Za-z][A-Za-z0-9+.-]*:(\/[^?#]*)/.exec(uri) ?? [];
  const host = rest.startsWith('//') ? (rest.slice(2).split('/')[0] ?? '') : '';
  return /%(?![0-9A-Fa-f]{2})/.test(rest) || host.includes(' ') || (host.includes('[') && !host.includes(']'));
}

function readsPoint(list: Bytes): boolean {
  const point = list.open(TAG.sequence);
  if (!point?.isNext(0xa0)) return point !== undefined;
  const names = point.open(0xa0)?.open(0xa0);
  if (!names) return false;
  while (names.isNext(0x86)) if (!names.read()) return false;
  return true;
}

function readsInformation(list: Bytes): boolean {
  const information = list.open(TAG.sequence);
  if (!information?.skipOid()) return false;
  return !information.isNext(0x86) || information.read() !== undefined;
}

function hasPolicyTwice(value: Buffer): boolean {
  const seen = new Set<string>();
  const list = new Bytes(value).open(TAG.sequence);
  for (let policy = list?.open(TAG.sequence); policy; policy = list?.open(TAG.sequence)) {
    const id = policy.read(TAG.oid)?.content.toString('hex') ?? '';
    if (seen.has(id)) return true;
    seen.add(id);
  }
  return false;
}

function readsNameConstraints(value: Buffer): boolean {
  const outer = new Bytes(value);
  const list = outer.open(TAG.sequence);
  if (!list || !outer.isEmpty) return false;
  const [permitted, excluded] = [0xa0, 0xa1].map((tag) =>
    list.isNext(tag) ? list.open(tag) : new Bytes(Buffer.alloc(0)),
  );
  if (!permitted || !excluded || !list.isEmpty || (permitted.isEmpty && excluded.isEmpty)) return false;
  return [permitted, excluded].every((subtrees) => {
    while (!subtrees.isEmpty) {
      const base = subtrees.open(TAG.sequence)?.read();
      if (!base || !readsConstraint(base.tag, base.content)) return false;
    }
    return true;
  });
}

function readsConstraint(tag: number, content: Buffer): boolean {
  if (tag === 0x87)
    return (content.length === 8 || content.length === 32) && isMask(content.subarray(content.length / 2));
  return ![0x81, 0x82, 0x86].includes(tag) || isAscii(content);
}

/** Reports whether a mask is ones, then zeros. */
function isMask(mask: Buffer): boolean {
  return /^1*0*$/.test([...mask].map((octet) => octet.toString(2).padStart(8, '0')).join(''));
}

function isAscii(content: Buffer): boolean {
  return content.every((octet) => octet < 0x80);
}

/** What Go refuses since 1.25: a negative path length. */
export function hasNegativeLength(value: Buffer): boolean {
  const list = new Bytes(value).open(TAG.sequence);
  if (list?.isNext(TAG.boolean)) list.read();
  return (list?.integer()?.[0] ?? 0) >= 0x80;
}

/** What Go refuses since 1.27: an IPv4 address written as IPv6. */
export function hasMappedAddress(value: Buffer): boolean {
  const list = new Bytes(value).open(TAG.sequence);
  for (let name = list?.read(); name; name = list?.read()) {
    if (name.tag === 0x87 && name.content.length === 16 && name.content.subarray(0, 12).equals(MAPPED)) return true;
  }
  return false;
}

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');
