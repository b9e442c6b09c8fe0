import { expect, test, vi } from 'vitest';

// A module of its own: other test files of this process have secrets of theirs.
vi.resetModules();
const { redact, rememberAuthorization, rememberSecret } = await import('../../src/core/secrets.ts');

const SECRET = 'cänary "one" \\ two+three/four';

const FORMS: readonly (readonly [string, (secret: string) => string])[] = [
  ['as it is', (secret) => secret],
  ['as JSON', (secret) => JSON.stringify(secret)],
  ['percent-encoded', encodeURIComponent],
  ['in base64', (secret) => Buffer.from(secret).toString('base64')],
  ['in base64url', (secret) => Buffer.from(secret).toString('base64url')],
  ['in hexadecimal', (secret) => Buffer.from(secret).toString('hex')],
];

test.each(FORMS)('A secret that was read is removed %s', (_, form) => {
  rememberSecret(SECRET);
  const text = `before ${form(SECRET)} after`;
  expect(redact(text)).toMatch(/^before "?\[redacted\]"? after$/);
});

test('A password of an Authorization header is removed, alone and within it', () => {
  rememberAuthorization(`Basic ${Buffer.from('robot:pass:word-of-robot').toString('base64')}`);
  expect(redact('pass:word-of-robot')).toBe('[redacted]');
  expect(redact(`x ${Buffer.from('robot:pass:word-of-robot').toString('base64')}`)).toBe('x [redacted]');
  rememberAuthorization('Bearer opaque-bearer-token');
  expect(redact('with opaque-bearer-token.')).toBe('with [redacted].');
});

const JWT = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${Buffer.from('{"sub":"me"}').toString('base64url')}.c2lnbmF0dXJl`;
const POOL_TOKEN = Buffer.from(JSON.stringify({ broker: { endpoint: 'x' }, certificate: 'y'.repeat(50) })).toString(
  'base64',
);
const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----';
const GITHUB = `ghp_${'a1B2'.repeat(9)}`;

test.each([
  ['a JSON Web Token', `Cannot read ${JWT}: no such file`, 'Cannot read [redacted]: no such file'],
  ['the token of a pool', `Cannot read "${POOL_TOKEN}"`, 'Cannot read "[redacted]"'],
  ['a private key', `is ${KEY}\nfine`, 'is [redacted]\nfine'],
  ['a private key that is cut off', KEY.slice(0, 45), '[redacted]'],
  ['a private key in base64', Buffer.from(KEY).toString('base64'), '[redacted]'],
  ['a token of GitHub', `env ${GITHUB}!`, 'env [redacted]!'],
  ['a fine-grained token of GitHub', `github_pat_${'a1B2_'.repeat(9)}`, '[redacted]'],
  ['a token of GitLab', 'glpat-aaaaBBBBccccDDDDeeee', '[redacted]'],
  ['an Authorization header', 'authorization: Bearer abc.def', 'authorization: Bearer [redacted]'],
  ['the password of a URL', 'via http://me:hunter2@proxy:3128/', 'via http://me:[redacted]@proxy:3128/'],
])('What looks like %s is removed although it was never read as a secret', (_, text, shown) => {
  expect(redact(text)).toBe(shown);
});

test.each([
  'Put them in its URL, percent-encoded: http://USER:PASSWORD@proxy:3128',
  'https://registry.example.com:5000/path@sha256:0123',
  `-----BEGIN CERTIFICATE-----\n${'MIIB'.repeat(16)}\n-----END CERTIFICATE-----`,
  Buffer.from(`-----BEGIN CERTIFICATE-----\n${'MIIB'.repeat(16)}`).toString('base64'),
  'Pass --api-key-id and --api-key-secret-file',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
])('What only resembles a secret stays: %s', (text) => {
  expect(redact(text)).toBe(text);
});

test('A short text is no secret: it would remove parts of words', () => {
  rememberSecret('a');
  expect(redact('a cat')).toBe('a cat');
});

test('A secret with half of a surrogate pair is removed too', () => {
  const secret = 'half a pair: \ud800';
  expect(() => rememberSecret(secret)).not.toThrow();
  expect(redact(`<${secret}>`)).toBe('<[redacted]>');
});
