import { childrenOf, type Element, oidOf, readElement, TAG } from './der.ts';

/** Attributes of names (RFC 4519, RFC 2985) by their encoding in hexadecimal, as OpenSSL calls them. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '550403': 'CN',
  '550406': 'C',
  '550407': 'L',
  '550408': 'ST',
  '55040a': 'O',
  '55040b': 'OU',
};

/** Characters that mean nothing to anybody; OpenSSL prints them as they are. */
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9 .()/:_-]*[A-Za-z0-9.)])?$/;
const [PRINTABLE, UTF8, SET] = [0x13, 0x0c, 0x31];

/**
 * Subject and issuer of a certificate whose every part is as plain as they come: no reader has anything to object to it.
 * OpenSSL takes a tenth of a millisecond to read a certificate, which adds up where there are thousands.
 *
 * @returns `undefined` for anything out of the ordinary, which is then for OpenSSL to judge
 */
export function plainNamesOf(der: Buffer): { subject: string; issuer: string } | undefined {
  const whole = readElement(der);
  const [tbs, algorithm, signature, ...none] = childrenOf(whole);
  const [version, serial, inner, issuer, validity, subject, key, extensions, ...nothing] = childrenOf(tbs);
  const [keyAlgorithm, keyBits, ...noMore] = childrenOf(key);
  const sequences = [whole, tbs, algorithm, inner, issuer, validity, subject, key, keyAlgorithm];
  const isPlain =
    sequences.every((each) => is(each, TAG.sequence)) &&
    is(version, 0xa0) &&
    version.content.equals(VERSION_3) &&
    is(serial, TAG.integer) &&
    isMinimal(serial.content) &&
    algorithm?.bytes.equals(inner?.bytes ?? Buffer.alloc(0)) &&
    [signature, keyBits].every((each) => is(each, TAG.bitString) && each.content[0] === 0) &&
    [algorithm, keyAlgorithm].every((each) => PLAIN_ALGORITHMS.has(each?.bytes.toString('hex') ?? '')) &&
    arePlainExtensions(extensions) &&
    none.length + nothing.length + noMore.length === 0;
  const [ours, theirs] = isPlain ? [nameOf(subject), nameOf(issuer)] : [];
  return ours && theirs ? { subject: ours, issuer: theirs } : undefined;
}

/** AlgorithmIdentifiers of nearly all certificates there are, with their parameters (RFC 4055, RFC 5480, RFC 8410). */
const PLAIN_ALGORITHMS: ReadonlySet<string> = new Set([
  // RSA keys; signatures with RSA and SHA-1, SHA-256, SHA-384, SHA-512.
  ...['01', '05', '0b', '0c', '0d'].map((last) => `300d06092a864886f70d0101${last}0500`),
  // Keys on P-256, P-384, P-521; signatures with them and SHA-256, SHA-384, SHA-512.
  '301306072a8648ce3d020106082a8648ce3d030107',
  ...['22', '23'].map((last) => `301006072a8648ce3d020106052b810400${last}`),
  ...['02', '03', '04'].map((last) => `300a06082a8648ce3d0403${last}`),
  // Ed25519, both.
  '300506032b6570',
]);

/** INTEGER 2. */
const VERSION_3 = Buffer.from([TAG.integer, 1, 2]);

function is(element: Element | undefined, tag: number): element is Element {
  return element?.tag === tag && !element.isIndefinite;
}

/** An INTEGER has no octet that says nothing (X.690, 8.3.2). */
function isMinimal([first, second]: Buffer): boolean {
  if (first === undefined || second === undefined) return first !== undefined;
  return !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}

function arePlainExtensions(wrapper: Element | undefined): boolean {
  const [list, ...none] = childrenOf(wrapper);
  const extensions = childrenOf(list);
  const isWrapped = is(wrapper, 0xa3) && is(list, TAG.sequence) && none.length === 0;
  return isWrapped && extensions.length > 0 && extensions.every(isPlainExtension);
}

function isPlainExtension(extension: Element): boolean {
  const [id, ...rest] = childrenOf(extension);
  const [first, second, ...none] = rest.length === 1 ? [undefined, ...rest] : rest;
  const isCritical = first === undefined || (is(first, TAG.boolean) && first.content.toString('hex') === 'ff');
  return (
    is(extension, TAG.sequence) && oidOf(id) !== '' && isCritical && is(second, TAG.octetString) && none.length === 0
  );
}

function nameOf(name: Element | undefined): string | undefined {
  const parts = childrenOf(name).map((set) => {
    const [attribute, ...others] = childrenOf(set);
    const [id, value, ...none] = childrenOf(attribute);
    if (!is(set, SET) || !is(attribute, TAG.sequence) || others.length + none.length > 0) return undefined;
    if (!is(id, TAG.oid) || !(is(value, PRINTABLE) || is(value, UTF8))) return undefined;
    const kind = ATTRIBUTES[id.content.toString('hex')];
    const text = value.content.toString('latin1');
    return kind && PLAIN.test(text) ? `${kind}=${text}` : undefined;
  });
  return parts.length > 0 && !parts.includes(undefined) ? parts.join(', ') : undefined;
}
