import { childrenOf, type Element, oidOf, readElement, TAG, timeOf } from './der.ts';

/** The fields of a certificate (RFC 5280, 4.1) that matter for trust stores, mostly still encoded. */
export interface Fields {
  readonly version: number;
  readonly isSerialNegative: boolean;
  /** The octets of the serial number. */
  readonly serial: Buffer;
  /** Object identifier of the signature algorithm. */
  readonly signature: string;
  /** The encoded names. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The encoded SubjectPublicKeyInfo. */
  readonly publicKey: Element;
  /** The content of each extension, by object identifier. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

/** Parses a certificate. @returns `undefined` unless the bytes are exactly one */
export function fieldsOf(der: Buffer): Fields | undefined {
  const whole = readElement(der);
  if (whole?.tag !== TAG.sequence || whole.bytes.length !== der.length) return undefined;
  const [tbs, , bits, ...extra] = childrenOf(whole);
  if (tbs?.tag !== TAG.sequence || bits?.tag !== TAG.bitString || extra.length > 0) return undefined;
  const parts = [...childrenOf(tbs)];
  const version = parts[0]?.tag === 0xa0 ? 1 + (readElement((parts.shift() as Element).content)?.content[0] ?? 0) : 1;
  const [serial, algorithm, issuer, validity, subject, publicKey, ...optional] = parts;
  const [notBefore, notAfter] = childrenOf(validity).map(timeOf);
  if (serial?.tag !== TAG.integer || issuer?.tag !== TAG.sequence || subject?.tag !== TAG.sequence) return undefined;
  if (publicKey?.tag !== TAG.sequence || !notBefore || !notAfter) return undefined;
  return {
    version,
    serial: serial.content,
    isSerialNegative: ((serial.content[0] ?? 0) & 0x80) !== 0,
    signature: oidOf(childrenOf(algorithm)[0]),
    issuer: issuer.bytes,
    subject: subject.bytes,
    notBefore,
    notAfter,
    publicKey,
    extensions: extensionsOf(optional.find(({ tag }) => tag === 0xa3)),
  };
}

function extensionsOf(optional: Element | undefined): ReadonlyMap<string, Buffer> {
  const extensions = new Map<string, Buffer>();
  for (const extension of childrenOf(childrenOf(optional)[0])) {
    const [id, ...rest] = childrenOf(extension);
    const value = rest.at(-1);
    if (value?.tag === TAG.octetString) extensions.set(oidOf(id), value.content);
  }
  return extensions;
}
