import { expect, test } from 'vitest';
import { verifyLikeGo } from '../../../src/x509/index.ts';
import { name, utf8 } from '../../services/certificate-shapes/encode.ts';
import { type Issue, type Issued, issue, NOW } from '../../services/server-chains/issue.ts';

const HOST = 'www.example.com';
const rootWith = (more: Partial<Issue> = {}) => issue({ subject: name(['CN', utf8('Root')]), ...more });
const sound = rootWith();
const server = issue({ subject: name(['CN', utf8(HOST)]), issuer: sound, keyNumber: 1, names: [`DNS:${HOST}`] });
const problemWith = (...bundle: readonly Issued[]) => {
  const verdict = verifyLikeGo(
    [server.der],
    bundle.map(({ der }) => der),
    HOST,
    NOW,
  );
  return 'problem' in verdict ? [verdict.problem.kind, verdict.problem.hint?.kind] : 'trusted';
};

/** Go names the first certificate that might be the issuer, and those with the right key identifier come first. */
test.each<readonly [string, readonly Issued[], readonly [string, string | undefined]]>([
  ['no certificate of the name', [], ['unknown-authority', undefined]],
  ['another key', [rootWith({ keyNumber: 2 })], ['unknown-authority', 'wrong-signature']],
  ['a root that may not sign', [rootWith({ keyUsage: 0x80 })], ['unknown-authority', 'no-certificate-signing']],
  [
    'another key before the root that may not sign',
    [rootWith({ keyNumber: 2 }), rootWith({ keyUsage: 0x80 })],
    ['unknown-authority', 'no-certificate-signing'],
  ],
  [
    'another key without an identifier before the root that may not sign',
    [rootWith({ keyNumber: 2, keyIds: 'none' }), rootWith({ keyUsage: 0x80 })],
    ['unknown-authority', 'no-certificate-signing'],
  ],
  ['an expired root', [rootWith({ days: [-9, -1] })], ['expired', undefined]],
  ['a root that Go does not read', [rootWith({ serial: [0x80, 1] })], ['unknown-authority', 'unreadable']],
])('what is said of the bundle: %s', (_title, bundle, expected) => {
  expect(problemWith(...bundle)).toEqual(expected);
  expect(problemWith(...bundle, sound)).toBe('trusted');
});
