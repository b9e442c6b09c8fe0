import {
  alternativeNamesOf,
  type Certificate,
  encodesNameOtherwise,
  type GoProblem,
  judge,
  readCertificate,
} from '../../x509/index.ts';
import { dateProblemOf } from '../custom/policy.ts';
import { type Facts, missingIssuer, notCaCertificate, otherKey, otherName, wrongSignature } from './facts.ts';

/** Explains what Go has against a server. @param facts what Go reads of the bundle and of what the server sent */
export function explainGoProblem(problem: GoProblem, facts: Facts): string {
  return `${sentenceFor(problem, facts)}${versionsOf(problem.hint ?? problem)}`;
}

function sentenceFor({ kind, der, detail, hint }: GoProblem, facts: Facts): string {
  const { path, now } = facts;
  const certificate = readCertificate(der) ?? path[0];
  const isLeaf = der.equals(path[0].der);
  const name = isLeaf ? `its certificate ${certificate.subject}` : certificate.subject;
  switch (kind) {
    case 'unreadable':
      return `${name} cannot be read: ${detail ?? 'it is malformed'}`;
    case 'large-rsa-key':
      return `it sends ${certificate.subject}, whose RSA key has more than 8192 bits`;
    case 'unsupported-key':
      return `${name} has ${unsupportedKey(certificate)}`;
    case 'small-rsa-key':
      return `${name} has an RSA key of less than 1024 bits (${certificate.key.name})`;
    case 'no-alternative-name':
      return `${name} has no subjectAltName, and Go ignores the common name`;
    case 'other-name':
      return otherName(facts, alternativeNamesOf(certificate.der));
    case 'unhandled-extension':
      return `${name} has a critical extension that Go does not support (${detail})`;
    case 'not-valid-yet':
    case 'expired':
      return `${certificate.subject} ${dateProblemOf(certificate, now) ?? 'is not valid at this time'}`;
    case 'path-too-long':
      return `${name} allows fewer intermediates below it than there are (path length)`;
    case 'not-a-ca':
    case 'no-certificate-signing':
      return notCaCertificate(certificate);
    case 'unsupported-signature':
      return `${name} is signed with an algorithm or a type of key that Go does not verify`;
    case 'insecure-digest':
      return `${certificate.subject} is signed with ${detail}`;
    case 'wrong-signature':
      return wrongSignature(certificate);
    case 'unknown-authority':
      return hint ? withHint(certificate, hint, facts) : unknownAuthority(certificate, facts);
    case 'too-many-signatures':
      return 'the server and the bundle have too many certificates of the same names';
    case 'not-for-servers':
      return isLeaf
        ? `${name} is not for TLS servers`
        : `${name}, a CA of its chain, is limited to purposes other than TLS servers`;
    case 'forbidden-name':
      return `${name}, a CA of its chain, may not issue certificates for ${detail} (name constraints)`;
  }
}

/** A certificate may be the issuer, but Go has something against it. */
function withHint(child: Certificate, hint: GoProblem, facts: Facts): string {
  const other = facts.bundle.find(({ subject }) => subject === child.issuer);
  if (hint.kind === 'wrong-signature' && other) return otherKey(child, other);
  if (hint.kind === 'unreadable') return `Go ignores ${child.issuer}, which the bundle has: ${hint.detail}`;
  return sentenceFor(hint, facts);
}

/** No certificate has the name of the issuer, byte for byte; or Go knows nothing of its key. */
function unknownAuthority(child: Certificate, { path, bundle }: Facts): string {
  const candidates = [...bundle, ...path].filter(
    ({ subject }) => subject === child.issuer && subject !== child.subject,
  );
  const encoded = candidates.find(({ der }) => encodesNameOtherwise(child.der, der));
  if (encoded) {
    return `the name ${child.issuer} is encoded in one way in the CA certificate and in another in ${child.subject}, and Go compares the bytes`;
  }
  const [unsupported] = candidates;
  if (unsupported) return `${unsupported.subject} has ${unsupportedKey(unsupported)}`;
  const below = path.slice(
    0,
    path.findIndex(({ fingerprint }) => fingerprint === child.fingerprint),
  );
  return missingIssuer({ path: [...below, child] as unknown as Facts['path'], bundle });
}

/** RSA keys that are for RSA-PSS only have a kind of their own. */
function unsupportedKey({ der, key }: Certificate): string {
  const finding = judge(der).findings.find(({ rule }) => rule === 'go/key-kind');
  return `${finding?.reason ?? `a key of the kind ${key.name}`}, which Go does not support`;
}

function versionsOf({ since, before }: GoProblem): string {
  if (since) return `, which Go ${since} and newer reject`;
  return before ? `, which Go rejects before ${before}` : '';
}
