import { type GoCertificate, readGoCertificate } from './certificate.ts';
import { buildChains, validityProblem } from './chains.ts';
import { forbiddenNameIn } from './constraints.ts';
import { allowsServers } from './extensions.ts';
import { alternativeNamesOf, isForHost } from './names.ts';
import { Pool } from './pool.ts';
import type { GoProblem } from './problem.ts';
import { problemReading, readLikeGo } from './read.ts';
import { rsaKeyProblem } from './signature.ts';

/** What Go decides about a server: the chain that it trusts, or what it has against it. */
export type GoVerdict = { readonly chain: readonly GoCertificate[] } | { readonly problem: GoProblem };

/** `defaultMaxRSAKeySize` in crypto/tls/handshake_client.go, in bits. */
const MAX_RSA_BITS = 8192;

/**
 * Decides what every Go from 1.23 to 1.27 decides about the certificates of a server (golang/go: `verifyServerCertificate`
 * in crypto/tls/handshake_client.go, `Certificate.Verify` in crypto/x509/verify.go). Where versions differ, the strictest
 * counts.
 *
 * @param sent the certificates that the server sent, its own first; DER
 * @param bundle the certificates that Go finds in the bundle; DER
 * @param host a name, or an IP address without brackets
 */
export function verifyLikeGo(sent: readonly Buffer[], bundle: readonly Buffer[], host: string, now: Date): GoVerdict {
  const certificates: GoCertificate[] = [];
  for (const der of sent) {
    const read = readLikeGo(der);
    if ('kind' in read) return { problem: read };
    certificates.push(read);
  }
  const [leaf, ...intermediates] = certificates;
  if (!leaf) throw new TypeError('a server always sends a certificate');
  const tooLarge = certificates.find(({ rsaBits }) => rsaBits > MAX_RSA_BITS);
  if (tooLarge) return { problem: { kind: 'large-rsa-key', der: tooLarge.der } };
  const invalid = validityProblem(leaf, 'server', [], now) ?? nameProblem(leaf, host);
  if (invalid) return { problem: invalid };
  // Judging whether Go reads a certificate takes time: only those are judged that matter.
  const roots = new Pool(
    bundle.flatMap((der) => readGoCertificate(der) ?? []),
    ({ der }) => !problemReading(der),
  );
  const search = { roots, intermediates: new Pool(intermediates), now, signatures: 0 };
  const { chains, problem } = search.roots.contains(leaf) ? { chains: [[leaf]] } : buildChains([leaf], search);
  if (problem) return { problem: withIgnoredIssuer(problem, bundle) };
  const problems = chains.map(chainProblem);
  const chain = chains.find((_, index) => problems[index] === undefined);
  if (!chain)
    return { problem: problems.find((each) => each?.kind === 'forbidden-name') ?? (problems[0] as GoProblem) };
  return keyProblem(leaf) ?? { chain };
}

/** Adds that the bundle has the issuer, but Go does not read it. */
function withIgnoredIssuer(problem: GoProblem, bundle: readonly Buffer[]): GoProblem {
  const issuer = readGoCertificate(problem.der)?.issuer;
  if (problem.kind !== 'unknown-authority' || problem.hint || !issuer) return problem;
  const candidates = bundle.filter((der) => readGoCertificate(der)?.subject.equals(issuer));
  const hint = candidates.map(problemReading).find(Boolean);
  return hint ? { ...problem, hint } : problem;
}

function nameProblem(certificate: GoCertificate, host: string): GoProblem | undefined {
  if (isForHost(certificate, host)) return undefined;
  return {
    kind: alternativeNamesOf(certificate) ? 'other-name' : 'no-alternative-name',
    der: certificate.der,
    detail: host,
  };
}

/** Checks a whole chain (`checkChainForKeyUsage`, `checkChainConstraints`). */
function chainProblem(chain: readonly GoCertificate[]): GoProblem | undefined {
  const limited = chain.findLast((certificate) => !allowsServers(certificate));
  if (limited) return { kind: 'not-for-servers', der: limited.der };
  const forbidden = forbiddenNameIn(chain);
  if (!forbidden) return undefined;
  const { certificate, name, since } = forbidden;
  return { kind: 'forbidden-name', der: certificate.der, detail: name, ...(since && { since }) };
}

/** Checks the key with which the server itself signs. */
function keyProblem(leaf: GoCertificate): { readonly problem: GoProblem } | undefined {
  const isSupported = leaf.keyKind === 'RSA' || leaf.keyKind === 'ECDSA' || leaf.keyKind === 'Ed25519';
  if (!isSupported) return { problem: { kind: 'unsupported-key', der: leaf.der } };
  const problem = leaf.keyKind === 'RSA' ? rsaKeyProblem(leaf) : undefined;
  return problem && { problem };
}
