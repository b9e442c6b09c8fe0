import { createPublicKey } from 'node:crypto';
import { childrenOf, type Element, oidOf, readElement, readPem, TAG } from '../x509/index.ts';
import { verifySignature } from './rsa-signature.ts';

/** The content of a request. */
export interface ReadCsr {
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  /** Attribute values by object identifier, in order. */
  readonly subject: readonly (readonly [type: string, value: string])[];
  /** Whether its signature was made with its own key; `undefined` for a signature that Node cannot verify. */
  readonly isSelfSigned: boolean | undefined;
}

/** Reads a request (PKCS#10, RFC 2986). @returns `undefined` if the text is not a PEM request with an RSA key */
export function readCsr(pem: string): ReadCsr | undefined {
  const block = readPem(pem).find(({ label, damage }) => damage || /^(?:NEW )?CERTIFICATE REQUEST$/.test(label));
  const whole = block?.bytes && readElement(block.bytes);
  if (!whole || whole.tag !== TAG.sequence || whole.bytes.length !== block?.bytes?.length) return undefined;
  const [info, algorithm, signature, ...extra] = childrenOf(whole);
  const [version, name, key] = childrenOf(info);
  if (version?.tag !== TAG.integer || name?.tag !== TAG.sequence || !info || !algorithm) return undefined;
  const publicKey = key && readRsaKey(key.bytes);
  if (!publicKey || signature?.tag !== TAG.bitString || extra.length > 0) return undefined;
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    subject: attributesOf(name),
    // The first octet of a BIT STRING is the number of unused bits.
    isSelfSigned: verifySignature(algorithm, info.bytes, signature.content.subarray(1), publicKey),
  };
}

function readRsaKey(der: Buffer) {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the attributes of a name; those that are joined into one (RFC 5280, 4.1.2.4) one after another. */
function attributesOf(name: Element): ReadCsr['subject'] {
  return childrenOf(name)
    .flatMap(childrenOf)
    .map((attribute) => {
      const [type, value] = childrenOf(attribute);
      return [oidOf(type), value ? textOf(value) : ''] as const;
    });
}

const [UTF8_STRING, BMP_STRING] = [0x0c, 0x1e];

/** Decodes a string type of names (RFC 5280, 4.1.2.4). */
function textOf({ tag, content }: Element): string {
  if (tag === UTF8_STRING) return content.toString('utf8');
  if (tag === BMP_STRING && content.length % 2 === 0) return Buffer.from(content).swap16().toString('utf16le');
  return content.toString('latin1');
}
