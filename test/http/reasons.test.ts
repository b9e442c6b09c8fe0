import { expect, test } from 'vitest';
import { connectionFailure, failedStatus } from '../../src/http/failure.ts';
import { isLoopback } from '../../src/http/loopback.ts';
import { ProxyFailure } from '../../src/http/proxy-failure.ts';
import { isNotTls, requiresClientCertificate } from '../../src/http/reasons.ts';
import type { HttpResponse } from '../../src/http/response.ts';

const url = new URL('https://127.0.0.1:5000/x');
const failed = (code: string, message = code) => Object.assign(new Error(message), { code });

// Codes of Node and of OpenSSL (openssl/sslerr.h, openssl/x509_vfy.h).
test.each([
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the host name cannot be resolved at the moment'],
  ['ECONNREFUSED', 'connection refused'],
  ['ETIMEDOUT', 'timed out'],
  ['ECONNRESET', 'the connection was closed before the response was complete'],
  ['EPIPE', 'the connection was closed before the response was complete'],
  ['EHOSTUNREACH', 'no route to host'],
  ['ENETUNREACH', 'no route to host'],
  ['EACCES', 'this machine does not allow the connection'],
  ['EPERM', 'this machine does not allow the connection'],
  ['EPROTO', 'it does not use TLS'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'it does not use TLS'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'it does not use TLS'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'it supports none of the TLS versions and ciphers of spacectl'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'it supports none of the TLS versions and ciphers of spacectl'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'it requires a client certificate that it accepts'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'it requires a client certificate that it accepts'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'it requires a client certificate that it accepts'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by an unknown authority'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is signed by an unknown authority'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'its certificate is signed by an unknown authority'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate is signed by an unknown authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is signed by an unknown authority'],
  ['CERT_NOT_YET_VALID', 'its certificate is not valid yet'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for a different name'],
  ['HPE_INVALID_CONSTANT', 'it does not use HTTP'],
  ['SOMETHING_NEW', 'SOMETHING_NEW'],
])('%s: %s', (code, why) => {
  const cause = failed(code);
  const error = connectionFailure(cause, url);
  expect(error).toMatchObject({ code: 'SPACECTL_UNREACHABLE', message: `Cannot reach 127.0.0.1:5000: ${why}` });
  expect(error.cause).toBe(cause);
});

// The numbers that OpenSSL writes into its messages, for failures that Node reports as EPROTO alone.
test.each([
  ['0A00010B', 'it does not use TLS'],
  ['0A0000C6', 'it does not use TLS'],
  ['0A000410', 'it supports none of the TLS versions and ciphers of spacectl'],
  ['0A00042E', 'it supports none of the TLS versions and ciphers of spacectl'],
  ['0A000412', 'it requires a client certificate that it accepts'],
  ['0A000418', 'it requires a client certificate that it accepts'],
  ['0A00045C', 'it requires a client certificate that it accepts'],
  ['0A0000FF', 'it does not use TLS'],
])('a failed write with error:%s: %s', (number, why) => {
  const error = failed('EPROTO', `write EPROTO 40:error:${number}:SSL routines::x:ssl/record.c:1:\n`);
  expect(connectionFailure(error, url).message).toBe(`Cannot reach 127.0.0.1:5000: ${why}`);
  expect(requiresClientCertificate(error)).toBe(why.includes('client certificate'));
  expect(isNotTls(error)).toBe(why.includes('not use TLS'));
});

test('a number counts only in errors of TLS', () => {
  const error = failed('ECONNRESET', 'error:0A00010B:');
  expect([isNotTls(error), requiresClientCertificate(error), isNotTls(undefined)]).toEqual([false, false, false]);
});

test('of several addresses, the reason is that of the first', () => {
  const both = new AggregateError([failed('ECONNREFUSED'), failed('ENETUNREACH')]);
  expect(connectionFailure(both, url).message).toContain('connection refused');
  expect(connectionFailure(new AggregateError([], 'none'), url).message).toContain('none');
});

test('the names in a certificate for another host are suggested: DNS names and addresses, at most four', () => {
  const suggestionsFor = (subjectaltname?: string) =>
    connectionFailure(Object.assign(failed('ERR_TLS_CERT_ALTNAME_INVALID'), { cert: { subjectaltname } }), url)
      .suggestions;
  const use = 'Use one of the names in the certificate: ';
  expect(suggestionsFor('DNS:*.a.example, IP Address:10.0.0.7, URI:x, DNS:b')).toEqual([
    { text: `${use}*.a.example, 10.0.0.7, b` },
  ]);
  expect(suggestionsFor('DNS:a, DNS:b, DNS:c, DNS:d')).toEqual([{ text: `${use}a, b, c, d` }]);
  expect(suggestionsFor('DNS:a, DNS:b, DNS:c, DNS:d, DNS:e')).toEqual([{ text: `${use}a, b, c, d, …` }]);
  expect(suggestionsFor('DNS:a\u001b[31m, xDNS:b')).toEqual([{ text: 'Use a name that is in the certificate' }]);
  expect(suggestionsFor()).toEqual([{ text: 'Use a name that is in the certificate' }]);
});

test.each([
  [401, 'SPACECTL_NOT_ALLOWED', 'denied access to x'],
  [403, 'SPACECTL_NOT_ALLOWED', 'denied access to x'],
  [429, 'SPACECTL_UNREACHABLE', 'is limiting the rate of requests: x'],
  [404, 'SPACECTL_UNREACHABLE', 'failed to answer: x'],
  [500, 'SPACECTL_UNREACHABLE', 'failed to answer: x'],
])('the status %i as an error', (status, code, problem) => {
  const error = failedStatus({ status, url, headers: {} } as HttpResponse, 'x');
  expect(error).toMatchObject({ code, message: `127.0.0.1:5000 ${problem} (HTTP ${status})` });
});

test.each<[string | undefined, readonly string[]]>([
  ['120', ['Try again in 120 seconds, as it asks']],
  ['Sun, 01 Mar 2026 12:00:00 GMT', ['Try again after Sun, 01 Mar 2026 12:00:00 GMT, as it asks']],
  ['1234567890', []],
  ['12s', []],
  ['x12', []],
  ['soon', []],
  [undefined, []],
])('when a busy server asks to try again: %s', (value, suggestions) => {
  const headers = { 'retry-after': value };
  expect(failedStatus({ status: 429, url, headers } as HttpResponse, 'x').suggestions).toEqual(
    suggestions.map((text) => ({ text })),
  );
});

test.each<[{ readonly status?: number; readonly cause?: unknown }, string, string, string]>([
  [{ status: 407 }, 'http://proxy.example:3128', 'SPACECTL_NOT_ALLOWED', 'requires a username and password'],
  [
    { status: 407 },
    'http://me:hunter2@proxy.example:3128',
    'SPACECTL_NOT_ALLOWED',
    'rejected the username and password',
  ],
  [
    { status: 403 },
    'http://proxy.example:3128',
    'SPACECTL_UNREACHABLE',
    'refused to connect to far.example:443 (HTTP 403)',
  ],
  [
    { cause: failed('ENOTFOUND') },
    'http://proxy.example:3128',
    'SPACECTL_UNREACHABLE',
    'far.example:443: no such host',
  ],
])('a proxy that fails with %j: %s', (given, proxy, code, why) => {
  const error = connectionFailure(new ProxyFailure(new URL(proxy), 'far.example:443', given), url);
  expect(error).toMatchObject({ code, message: expect.stringContaining(why) });
  expect(error.message).toContain('proxy proxy.example:3128');
  expect(JSON.stringify(error.suggestions)).toContain(
    given.status === 407 ? 'http://USER:PASSWORD@' : 'add far.example to NO_PROXY',
  );
  expect(JSON.stringify([error.message, error.suggestions])).not.toContain('hunter2');
});

test('loopback is localhost with its subdomains, 127.0.0.0/8 and ::1', () => {
  const own = ['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.1', '127.255.0.9', '[::1]', '::1'];
  const others = [
    'localhost.example',
    'xlocalhost',
    '127.0.0.1.example',
    'x127.0.0.1',
    '128.0.0.1',
    '127.0.1',
    '[::11]',
    '::',
    '',
  ];
  expect([...own, ...others].filter(isLoopback)).toEqual(own);
});
