import { generateKeyPairSync } from 'node:crypto';
import { decodeBase64 } from '../../../src/pki/base64.ts';
import { createCsr } from '../../../src/pki/csr.ts';
import { describeCertificates } from '../../../src/pki/inspect.ts';
import { readKey } from '../../../src/pki/keypair.ts';
import { readCsr } from '../../../src/pki/read-csr.ts';
import { parseSubject } from '../../../src/pki/subject.ts';
import { readToken } from '../../../src/pki/token.ts';
import { certificatesIn } from '../../../src/pki/token-certificates.ts';
import { makeCertificate, toPem } from '../../services/certificate.ts';
import type { Target } from '../target.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
const csr = await createCsr(pair.privateKey, parseSubject('CN=pool,O=Acme\\, Inc.,C=DE'));
const certificate = makeCertificate({ subject: { CN: 'workers.spacelift.io' }, keys: pair });
const token = { broker: { endpoint: 'tls://x.iot.eu-west-1.amazonaws.com:8883' }, certificate: certificate.pem };

/** Decodes a token, or encodes it again once its JSON is changed. */
const inBase64 = (json: Buffer) => Buffer.from(json.toString('base64'));

export const KEY_TARGETS: Readonly<Record<string, Target>> = {
  'private-key': { kind: 'text', seeds: [key], parse: (bytes) => readKey(bytes, 'spacelift.key'), slowness: 4 },
  csr: { kind: 'text', seeds: [csr], parse: (bytes) => readCsr(bytes.toString('latin1')), slowness: 20 },
  'pool-token': {
    kind: 'text',
    seeds: [inBase64(Buffer.from(JSON.stringify(token)))],
    parse: (bytes) => readToken(bytes),
  },
  'pool-token-json': {
    kind: 'json',
    seeds: [JSON.stringify(token)],
    parse: (bytes) => describeCertificates(certificatesIn(readToken(inBase64(bytes)))),
  },
  'pool-token-certificate': {
    kind: 'bytes',
    seeds: [certificate.der],
    parse(bytes) {
      const document = JSON.stringify({ ...token, certificate: toPem(bytes) });
      return describeCertificates(certificatesIn(readToken(inBase64(Buffer.from(document)))));
    },
    slowness: 2,
  },
  base64: { kind: 'text', seeds: ['aGVsbG8gd29ybGQ=\n', 'aGVsbG8='], parse: (bytes) => decodeBase64(bytes) },
  subject: {
    kind: 'text',
    seeds: ['CN=pool,O=Acme\\, Inc.,C=DE', 'CN=a\\+b\\3Dc,emailAddress=a@b.example,serialNumber=1'],
    parse: (bytes) => parseSubject(bytes.toString()),
  },
};
