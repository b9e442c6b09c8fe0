import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate to make; what is left out is as a sound root has it. */
export interface CertificateRequest {
  /** Attribute values by short name, in order: `{ O: 'Test', CN: 'Root' }`. */
  readonly subject: Readonly<Record<string, string>>;
  /** Who signs it: itself if left out. */
  readonly issuer?: MadeCertificate;
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** `undefined`: no basicConstraints at all. */
  readonly isCa?: boolean | undefined;
  /** Octets of the keyUsage BIT STRING; `undefined`: none. 0x06 is keyCertSign and cRLSign, 0x80 digitalSignature. */
  readonly keyUsage?: number | undefined;
  readonly hash?: 'sha256' | 'sha1' | 'md5';
  readonly version?: 1 | 3;
  readonly names?: readonly string[];
  readonly serial?: Buffer;
}

export interface MadeCertificate {
  readonly der: Buffer;
  readonly pem: string;
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  /** The encoded subject. */
  readonly name: Buffer;
}

const DAY = 86_400_000;

/**
 * Makes a certificate (RFC 5280, 4.1) of exactly the kind a test is about: OpenSSL's command line has no way to give dates
 * in the past, and takes milliseconds for each.
 */
export function makeCertificate(request: CertificateRequest): MadeCertificate {
  const { keys = generateKeyPairSync('ec', { namedCurve: 'P-256' }), issuer, hash = 'sha256', version = 3 } = request;
  const { notBefore = new Date(Date.now() - DAY), notAfter = new Date(Date.now() + 3650 * DAY) } = request;
  const name = encodeName(request.subject);
  const signer = issuer?.keys ?? keys;
  const algorithm = signatureAlgorithm(signer.privateKey, hash);
  const extensions = version === 3 ? [tlv(0xa3, tlv(0x30, ...extensionsOf(request, keys.publicKey)))] : [];
  const tbs = tlv(
    0x30,
    ...(version === 3 ? [tlv(0xa0, tlv(0x02, Buffer.from([2])))] : []),
    tlv(0x02, request.serial ?? Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    issuer?.name ?? name,
    tlv(0x30, time(notBefore), time(notAfter)),
    name,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...extensions,
  );
  const isEdwards = signer.privateKey.asymmetricKeyType === 'ed25519';
  const signature = sign(isEdwards ? null : hash, tbs, signer.privateKey);
  const der = tlv(0x30, tbs, algorithm, tlv(0x03, Buffer.from([0]), signature));
  return { der, pem: toPem(der), keys, name };
}

/** PEM as the most careful writer has it. */
export function toPem(der: Buffer, label = 'CERTIFICATE'): string {
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

function extensionsOf(request: CertificateRequest, publicKey: KeyObject): Buffer[] {
  const isCa = 'isCa' in request ? request.isCa : true;
  const keyUsage = 'keyUsage' in request ? request.keyUsage : isCa ? 0x06 : undefined;
  const extensions: Buffer[] = [];
  const critical = tlv(0x01, Buffer.from([0xff]));
  const add = (id: string, isCritical: boolean, ...value: Buffer[]) =>
    extensions.push(
      tlv(0x30, tlv(0x06, Buffer.from(id, 'hex')), ...(isCritical ? [critical] : []), tlv(0x04, ...value)),
    );
  if (isCa !== undefined) add('551d13', true, tlv(0x30, ...(isCa ? [critical] : [])));
  if (keyUsage !== undefined) add('551d0f', false, tlv(0x03, Buffer.from([0, keyUsage])));
  add('551d0e', false, tlv(0x04, keyIdOf(publicKey)));
  if (request.issuer) add('551d23', false, tlv(0x30, tlv(0x80, keyIdOf(request.issuer.keys.publicKey))));
  if (request.names) {
    const names = request.names.map((name) =>
      /^[\d.]+$/.test(name) ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : tlv(0x82, Buffer.from(name)),
    );
    add('551d11', false, tlv(0x30, ...names));
  }
  return extensions;
}

/** A short key identifier (RFC 5280, 4.2.1.2). */
function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 4);
}

const ATTRIBUTES: Readonly<Record<string, string>> = { C: '550406', O: '55040a', OU: '55040b', CN: '550403' };

function encodeName(subject: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(subject).map(([attribute, value]) =>
    tlv(0x31, tlv(0x30, tlv(0x06, Buffer.from(ATTRIBUTES[attribute] ?? '', 'hex')), tlv(0x0c, Buffer.from(value)))),
  );
  return tlv(0x30, ...parts);
}

const RSA: Readonly<Record<string, string>> = {
  md5: '2a864886f70d010104',
  sha1: '2a864886f70d010105',
  sha256: '2a864886f70d01010b',
};
const EC: Readonly<Record<string, string>> = { sha1: '2a8648ce3d0401', sha256: '2a8648ce3d040302' };

function signatureAlgorithm(key: KeyObject, hash: string): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return tlv(0x30, tlv(0x06, Buffer.from('2b6570', 'hex')));
  if (key.asymmetricKeyType === 'ec') return tlv(0x30, tlv(0x06, Buffer.from(EC[hash] ?? '', 'hex')));
  return tlv(0x30, tlv(0x06, Buffer.from(RSA[hash] ?? '', 'hex')), tlv(0x05));
}

function time(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text));
}

/** One value in DER. */
export function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
