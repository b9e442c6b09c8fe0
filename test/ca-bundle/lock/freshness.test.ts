import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { expiringAdditions, stateOfBundle } from '../../../src/ca-bundle/lock/freshness.ts';
import type { Lock } from '../../../src/ca-bundle/lock/lock.ts';
import { sha256 } from '../../../src/core/sha256.ts';

const NOW = new Date('2030-06-15T12:00:00Z');
const bundle = Buffer.from('bundle');
const certificate = (subject: string, notAfter: string) => ({
  subject,
  fingerprint: subject,
  notAfter,
  source: `${subject}.pem`,
});
const lock = (more: Partial<Lock> = {}): Lock => ({
  version: 1,
  source: 'mozilla',
  mountPath: '/etc/ssl/cert.pem',
  base: { sha256: 'x', certificates: 1 },
  result: { sha256: sha256(bundle), certificates: 2 },
  given: [],
  added: [],
  ...more,
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each<[string, Buffer | undefined, object[]]>([
  ['as it was built', bundle, []],
  ['missing', undefined, [{ kind: 'bundle-missing', message: 'my.crt does not exist' }]],
  ['changed', Buffer.from('Bundle'), [{ kind: 'bundle-altered', message: 'my.crt was changed after it was built' }]],
  ['empty', Buffer.alloc(0), [{ kind: 'bundle-altered', message: 'my.crt was changed after it was built' }]],
])('a bundle that is %s', (_, bytes, reasons) => {
  expect(stateOfBundle(bytes, 'my.crt', lock())).toEqual(reasons);
});

test.each([
  ['2030-07-15T12:00:00.000Z', []],
  ['2030-07-15T11:59:59.999Z', ['CN=A (from CN=A.pem) expires on 2030-07-15']],
  ['2030-06-15T12:00:00.000Z', ['CN=A (from CN=A.pem) expires on 2030-06-15']],
  ['2030-06-15T11:59:59.999Z', ['CN=A (from CN=A.pem) expired on 2030-06-15']],
])('a custom certificate valid until %s, checked at noon of 15 June for the next 30 days', (notAfter, messages) => {
  const before = new Date(NOW.getTime() + 30 * 86_400_000);
  for (const place of ['added', 'inBase'] as const) {
    const other = certificate('CN=Other', '2040-01-01T00:00:00Z');
    const found = expiringAdditions(lock({ [place]: [other, certificate('CN=A', notAfter)] }), before);
    expect(found).toEqual(messages.map((message) => ({ kind: 'addition-expires', message })));
  }
});
