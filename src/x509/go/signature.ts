import { constants, createPublicKey, verify } from 'node:crypto';
import { childrenOf, type Element, oidOf, readElement } from '../der.ts';
import type { GoCertificate, KeyKind } from './certificate.ts';
import { basicConstraintsOf, forbidsCertificateSigning } from './extensions.ts';
import type { GoProblem } from './problem.ts';

interface SignatureKind {
  readonly key: KeyKind;
  readonly digest: string | null;
  /** Octets of the salt of RSA-PSS. */
  readonly salt?: number;
}

/** `signatureAlgorithmDetails` in crypto/x509/x509.go. ML-DSA is known since 1.27 only. */
const SIGNATURES: Readonly<Record<string, SignatureKind>> = {
  '1.2.840.113549.1.1.4': { key: 'RSA', digest: 'MD5' },
  '1.2.840.113549.1.1.5': { key: 'RSA', digest: 'SHA-1' },
  '1.3.14.3.2.29': { key: 'RSA', digest: 'SHA-1' },
  '1.2.840.113549.1.1.11': { key: 'RSA', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'RSA', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'RSA', digest: 'sha512' },
  '1.2.840.10040.4.3': { key: 'DSA', digest: 'SHA-1' },
  '1.2.840.10045.4.1': { key: 'ECDSA', digest: 'SHA-1' },
  '1.2.840.10045.4.3.2': { key: 'ECDSA', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ECDSA', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ECDSA', digest: 'sha512' },
  '1.3.101.112': { key: 'Ed25519', digest: null },
};

/**
 * Checks whether a certificate is signed by another one (`Certificate.CheckSignatureFrom` in crypto/x509/x509.go).
 * @returns what Go has against it; `undefined` if it is
 */
export function signatureProblem(child: GoCertificate, parent: GoCertificate): GoProblem | undefined {
  const constraints = basicConstraintsOf(parent);
  if ((parent.version === 3 && !constraints) || (constraints && !constraints.isCa)) {
    return { kind: 'not-a-ca', der: parent.der };
  }
  if (forbidsCertificateSigning(parent)) return { kind: 'no-certificate-signing', der: parent.der };
  const kind = signatureKindOf(child.signatureAlgorithm);
  if (!kind) return { kind: 'unsupported-signature', der: child.der };
  const { key, digest } = kind;
  if (digest === 'MD5' || digest === 'SHA-1') return { kind: 'insecure-digest', der: child.der, detail: digest };
  if (key !== parent.keyKind || key === 'DSA') return { kind: 'unsupported-signature', der: child.der };
  return (key === 'RSA' ? rsaKeyProblem(parent) : undefined) ?? wrongSignature(child, parent, kind);
}

/** Checks the size of an RSA key (`checkKeySize` in crypto/rsa/rsa.go). */
export function rsaKeyProblem({ der, rsaBits }: GoCertificate): GoProblem | undefined {
  return rsaBits < 1024 ? { kind: 'small-rsa-key', der, since: '1.24' } : undefined;
}

function wrongSignature(
  child: GoCertificate,
  parent: GoCertificate,
  { digest, salt }: SignatureKind,
): GoProblem | undefined {
  return isSignedWith(child, parent, digest, salt) ? undefined : { kind: 'wrong-signature', der: child.der };
}

function isSignedWith(child: GoCertificate, parent: GoCertificate, digest: string | null, salt?: number): boolean {
  try {
    const key = createPublicKey({ key: parent.publicKey, format: 'der', type: 'spki' });
    const padding = salt === undefined ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt };
    return verify(digest, child.signed, { key, ...padding }, child.signature);
  } catch {
    return false;
  }
}

/** `getSignatureAlgorithmFromAI`. @returns `undefined` for algorithms that Go does not know */
function signatureKindOf(algorithm: Element): SignatureKind | undefined {
  const [id, parameters] = childrenOf(algorithm);
  if (oidOf(id) === RSA_PSS) return pssKindOf(parameters);
  return oidOf(id) === '1.3.101.112' && parameters ? undefined : SIGNATURES[oidOf(id)];
}

const RSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

/** The digests of RSA-PSS, with the only lengths of salt that Go accepts. */
const PSS: Readonly<Record<string, SignatureKind>> = {
  '2.16.840.1.101.3.4.2.1': { key: 'RSA', digest: 'sha256', salt: 32 },
  '2.16.840.1.101.3.4.2.2': { key: 'RSA', digest: 'sha384', salt: 48 },
  '2.16.840.1.101.3.4.2.3': { key: 'RSA', digest: 'sha512', salt: 64 },
};

/** Go wants MGF1 with the same digest, a salt of its length, and the usual trailer. */
function pssKindOf(parameters: Element | undefined): SignatureKind | undefined {
  const parts = childrenOf(parameters);
  const inside = (tag: number) => readElement(parts.find((part) => part.tag === tag)?.content ?? Buffer.alloc(0));
  const digest = oidOf(childrenOf(inside(0xa0))[0]);
  const [mgf, mgfDigest] = childrenOf(inside(0xa1));
  const trailer = inside(0xa3)?.content[0] ?? 1;
  const kind = PSS[digest];
  const isUsual = oidOf(mgf) === MGF1 && oidOf(childrenOf(mgfDigest)[0]) === digest && trailer === 1;
  return kind && isUsual && inside(0xa2)?.content[0] === kind.salt ? kind : undefined;
}
