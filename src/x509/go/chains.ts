import type { GoCertificate } from './certificate.ts';
import { basicConstraintsOf, unhandledExtensionOf } from './extensions.ts';
import type { Pool } from './pool.ts';
import type { GoProblem } from './problem.ts';
import { signatureProblem } from './signature.ts';

/** What chains are built from. */
export interface Search {
  readonly roots: Pool;
  readonly intermediates: Pool;
  readonly now: Date;
  /** Signatures checked so far. */
  signatures: number;
}

/** `maxChainSignatureChecks`. */
const MAX_SIGNATURES = 100;

/** The chains that Go builds, or why there is none. */
export interface Chains {
  readonly chains: readonly (readonly GoCertificate[])[];
  readonly problem?: GoProblem;
}

/**
 * Builds all chains from the end of one to a root (`Certificate.buildChains` in crypto/x509/verify.go). Every certificate of
 * the bundle is a root for Go, signed by others or not.
 */
export function buildChains(chain: readonly GoCertificate[], search: Search): Chains {
  const last = chain.at(-1) as GoCertificate;
  const chains: (readonly GoCertificate[])[] = [];
  let problem: GoProblem | undefined;
  let hint: GoProblem | undefined;
  const candidates = [
    ...search.roots.parentsOf(last).map((parent) => ({ parent, isRoot: true })),
    ...search.intermediates.parentsOf(last).map((parent) => ({ parent, isRoot: false })),
  ];
  for (const { parent, isRoot } of candidates) {
    if (++search.signatures > MAX_SIGNATURES) {
      problem = { kind: 'too-many-signatures', der: last.der };
      break;
    }
    if (parent.keyKind === 'unknown' || isInChain(parent, chain)) continue;
    const signature = signatureProblem(last, parent);
    if (signature) {
      hint ??= signature;
      continue;
    }
    problem = validityProblem(parent, isRoot ? 'root' : 'intermediate', chain, search.now);
    if (problem) continue;
    if (isRoot) {
      chains.push([...chain, parent]);
    } else {
      const further = buildChains([...chain, parent], search);
      chains.push(...further.chains);
      problem = further.problem;
    }
  }
  if (chains.length > 0) return { chains };
  return { chains, problem: problem ?? { kind: 'unknown-authority', der: last.der, ...(hint && { hint }) } };
}

/**
 * Checks a certificate that is to become the next of a chain (`Certificate.isValid` in crypto/x509/verify.go).
 * @returns what Go has against it
 */
export function validityProblem(
  certificate: GoCertificate,
  role: 'server' | 'intermediate' | 'root',
  chain: readonly GoCertificate[],
  now: Date,
): GoProblem | undefined {
  const extension = unhandledExtensionOf(certificate);
  if (extension) {
    const { id, before } = extension;
    return { kind: 'unhandled-extension', der: certificate.der, detail: id, ...(before && { before }) };
  }
  if (now < certificate.notBefore) return { kind: 'not-valid-yet', der: certificate.der };
  if (now > certificate.notAfter) return { kind: 'expired', der: certificate.der };
  const constraints = basicConstraintsOf(certificate);
  if (role === 'intermediate' && !constraints?.isCa) return { kind: 'not-a-ca', der: certificate.der };
  // Unlike RFC 5280 (6.1.4), Go counts certificates that name themselves as issuer.
  const isTooLong = constraints?.pathLength !== undefined && chain.length - 1 > constraints.pathLength;
  return isTooLong ? { kind: 'path-too-long', der: certificate.der } : undefined;
}

/** `alreadyInChain`: the same subject, key and subjectAltName. */
function isInChain(candidate: GoCertificate, chain: readonly GoCertificate[]): boolean {
  const same = chain.filter(
    ({ subject, publicKey }) => subject.equals(candidate.subject) && publicKey.equals(candidate.publicKey),
  );
  const names = candidate.extensions.get('2.5.29.17')?.value;
  for (const { extensions } of same) {
    const others = extensions.get('2.5.29.17')?.value;
    if (!names || !others) return names === others;
    if (names.equals(others)) return true;
  }
  return false;
}
