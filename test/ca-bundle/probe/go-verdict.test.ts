import { expect, test } from 'vitest';
import type { Facts } from '../../../src/ca-bundle/probe/facts.ts';
import { goVerdict } from '../../../src/ca-bundle/probe/go-verdict.ts';
import { opensslVerdict } from '../../../src/ca-bundle/probe/openssl-verdict.ts';
import type { Handshake } from '../../../src/http/index.ts';
import { type Certificate, contentsOf } from '../../../src/x509/index.ts';
import { type CertificateRequest, type MadeCertificate, makeCertificate } from '../../services/certificate.ts';

const NOW = new Date('2030-06-15T12:00:00Z');
const valid = { notBefore: new Date('2030-01-01T00:00:00Z'), notAfter: new Date('2031-05-01T23:59:59Z') };
const make = (CN: string, more: Partial<CertificateRequest> = {}) =>
  makeCertificate({ subject: { CN }, ...valid, ...more });
const read = ({ pem }: MadeCertificate) => contentsOf(Buffer.from(pem), 'x')[0]?.certificate as Certificate;

const made = make('Root');
const [root, other] = [read(made), read(make('Other'))];
const leaf = read(make('server', { issuer: made, isCa: false, names: ['server.example'] }));
const usual = { protocol: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' };
const handshake = { ...usual, sent: [leaf.der] } as unknown as Handshake;
const facts = (bundle: readonly Certificate[], host = 'server.example'): Facts => ({
  host,
  path: [leaf],
  sent: [leaf],
  bundle,
  now: NOW,
});

test('Go trusts a server below a root of the bundle, and the root is named', () => {
  expect(goVerdict(handshake, usual, facts([other, root]))).toEqual({
    isTrusted: true,
    reason: 'the bundle has CN=Root, valid until 2031-05-01',
    anchor: root,
  });
});

test('Of a chain with an intermediate that the server sent, the root is named', () => {
  const between = make('Issuing', { issuer: made });
  const below = read(make('server', { issuer: between, isCa: false, names: ['server.example'] }));
  const sent = [below, read(between)];
  const longer = { ...usual, sent: sent.map(({ der }) => der) } as unknown as Handshake;
  expect(goVerdict(longer, usual, { ...facts([root]), path: [below], sent })).toMatchObject({
    isTrusted: true,
    anchor: root,
  });
});

test('Go rejects a server below no root of the bundle, or with another name, and says why', () => {
  expect(goVerdict(handshake, usual, facts([other]))).toEqual({
    isTrusted: false,
    reason: expect.stringMatching(/^the bundle lacks CN=Root, which signed CN=server\./),
  });
  expect(goVerdict(handshake, usual, facts([root], 'b.example'))).toEqual({
    isTrusted: false,
    reason: 'its certificate CN=server is for server.example, not for b.example',
  });
});

test('Without a certificate that can be read, nothing is trusted', () => {
  expect(goVerdict(handshake, usual, undefined)).toEqual({ isTrusted: false, reason: 'its certificate is malformed' });
  expect(goVerdict(handshake, usual, facts([]))).toEqual({
    isTrusted: false,
    reason: 'Go reads no certificate from the bundle',
  });
});

test.each([
  ['TLSv1.2', 'TLS_RSA_WITH_AES_128_GCM_SHA256', 'Go offers only ECDHE'],
  ['TLSv1.2', 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', 'Go offers only ECDHE'],
  ['TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_128_CCM', 'Go offers other cipher suites, curves or signatures'],
  ['TLSv1.3', 'TLS_AES_128_CCM_SHA256', 'Go offers other cipher suites, curves or signatures'],
])('A server that uses %s with %s and takes nothing else is rejected: %s', (protocol, cipherSuite, offers) => {
  expect(goVerdict(undefined, { protocol, cipherSuite }, facts([root]))).toEqual({
    isTrusted: false,
    reason: `the server uses ${cipherSuite} with ${protocol} and accepts nothing that Go offers; ${offers}`,
  });
});

test('Of a server whose certificate only OpenSSL can read, what OpenSSL decided counts', () => {
  const reason = 'its certificate is malformed';
  expect(opensslVerdict({}, undefined)).toEqual({ isTrusted: true, reason });
  expect(opensslVerdict({ code: 'CERT_HAS_EXPIRED' }, undefined)).toEqual({ isTrusted: false, reason });
});
