import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { GraphQLError } from 'graphql';
import forge from 'node-forge';

/** An identifier as worker pools have it: a ULID. */
export function ulid(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const tail = [...randomBytes(24)].map((byte) => alphabet[byte % 32]).join('');
  return `01${tail}`;
}

/**
 * The authority behind tokens: a request has to be one, signed by its own key; the token is base64 of JSON with the broker
 * and a certificate for the key (spacelift-io/user-documentation@6e9746f, docs/concepts/worker-pools/README.md).
 */
export function createTokenAuthority() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }) as string);
  const name = [{ shortName: 'CN', value: 'Stand-in for Spacelift' }];
  const issue = (publicKey: forge.pki.PublicKey, subject: forge.pki.CertificateField[]): string => {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = publicKey;
    certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
    certificate.validity.notAfter = new Date(Date.now() + 365 * 24 * 3600_000);
    certificate.setSubject(subject);
    certificate.setIssuer(name);
    certificate.sign(key, forge.md.sha256.create());
    const pem = forge.pki.certificateToPem(certificate);
    createPublicKey(pem);
    const document = { broker: { endpoint: 'worker-iot.spacelift.io', nonce: ulid() }, certificate: pem };
    return Buffer.from(JSON.stringify(document)).toString('base64');
  };
  return {
    tokenFor(encoded: string): string {
      const request = readRequest(encoded);
      return issue(request.publicKey as forge.pki.PublicKey, request.subject.attributes);
    },
    /** A token for a key that no folder has: the authority's own. */
    foreignToken: () => issue(forge.pki.setRsaPublicKey(key.n, key.e), name),
  };
}

function readRequest(encoded: string): forge.pki.CertificateSigningRequest {
  try {
    const request = forge.pki.certificationRequestFromPem(Buffer.from(encoded, 'base64').toString('utf8'), true);
    if (request.verify()) return request;
  } catch {
    // Said below.
  }
  throw new GraphQLError('certificateSigningRequest is not a base64-encoded certificate signing request in PEM');
}
