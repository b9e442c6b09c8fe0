import { pemInBundleFile } from '../../../src/ca-bundle/bundle-file.ts';
import { parseTarget } from '../../../src/ca-bundle/probe/target.ts';
import { sentChainIn } from '../../../src/http/tls/sent-chain.ts';
import { verifyLikeGo } from '../../../src/x509/index.ts';
import { name, utf8 } from '../../services/certificate-shapes/encode.ts';
import { issue } from '../../services/server-chains/issue.ts';
import type { Target } from '../target.ts';

// Signatures with Ed25519 are the same each time (RFC 8032), but these keys are not: a finding keeps its input.
const key = 'Ed25519';
const root = issue({
  ...{ subject: name(['CN', utf8('Root')]), key, pathLength: 1 },
  constraints: { permitted: ['DNS:example', 'IP:10.0.0.0/255.0.0.0', 'email:example'], excluded: ['URI:x.example'] },
});
const server = issue({
  ...{ subject: name(['CN', utf8('a.example')]), key, issuer: root, keyNumber: 1 },
  names: ['DNS:a.example', 'DNS:*.b.example', 'IP:10.1.2.3', 'email:me@example', 'URI:https://y.example/'],
  extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
});

const uint24 = (number: number) => Buffer.from([number >> 16, (number >> 8) & 0xff, number & 0xff]);
const message = (type: number, body: Buffer) => Buffer.concat([Buffer.from([type]), uint24(body.length), body]);
const record = (type: number, body: Buffer) =>
  Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 0xff]), body]);
const listed = [server, root].flatMap(({ der }) => [uint24(der.length), der]);
const list = Buffer.concat(listed);
/** A ServerHello with a session, and a Certificate, as in TLS 1.2. */
const hello = (suite: number) =>
  message(2, Buffer.concat([Buffer.alloc(34, 3), Buffer.from([2, 7, 7, suite >> 8, suite & 0xff, 0])]));
const chain = message(11, Buffer.concat([uint24(list.length), list]));
const keyLog = [Buffer.from(`SERVER_HANDSHAKE_TRAFFIC_SECRET ${'0'.repeat(64)} ${'1'.repeat(64)}\n`)];

const base64 = (text: string) => Buffer.from(text).toString('base64');
const secret = `apiVersion: v1\nkind: Secret\ndata:\n  bundle: ${base64(root.pem)}\n`;

export const PROBE_TARGETS: Readonly<Record<string, Target>> = {
  'go-verdict': {
    kind: 'bytes',
    seeds: [server.der, root.der],
    parse: (bytes) => [
      verifyLikeGo([bytes], [root.der], 'a.example', new Date()),
      verifyLikeGo([server.der, bytes], [bytes], '10.1.2.3', new Date()),
    ],
    slowness: 4,
  },
  'sent-chain': {
    kind: 'bytes',
    seeds: [
      Buffer.concat([record(22, Buffer.concat([hello(0xc02f), chain]))]),
      Buffer.concat([record(22, hello(0x1301)), record(20, Buffer.from([1])), record(23, Buffer.alloc(64, 9))]),
    ],
    parse: (bytes) => [sentChainIn(bytes, 'TLSv1.2', []), sentChainIn(bytes, 'TLSv1.3', keyLog)],
  },
  'bundle-file': {
    kind: 'text',
    seeds: [root.pem, base64(root.pem), base64(JSON.stringify({ caCertificates: [base64(root.pem)] })), secret],
    parse: (bytes) => pemInBundleFile(bytes),
  },
  'probe-target': {
    kind: 'text',
    seeds: ['gitlab.example.com:443', '[fd00::7]:8443', 'https://user@git.example.com./x?y#z', '127.1'],
    parse: (bytes) => parseTarget(bytes.toString('utf8')),
  },
};
