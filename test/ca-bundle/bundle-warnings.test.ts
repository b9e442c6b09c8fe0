import { expect, test } from 'vitest';
import { extendBundle } from '../../src/ca-bundle/bundle.ts';
import { dateProblemOf, dayOf, problemWith, warningsAbout } from '../../src/ca-bundle/policy.ts';
import type { Certificate } from '../../src/x509/index.ts';
import { toPem } from '../services/certificate.ts';
import { first, make, privateKey, read, root, second, strict } from '../services/given-certificates.ts';

const extend = (base: string, added = '') =>
  extendBundle(Buffer.from(base), added ? read(added).certificates : [], 'the base');
const labelled = (pem: string, label: string) => pem.replaceAll('CERTIFICATE', label);
const withTail = (bytes: number) => toPem(Buffer.concat([root.der, Buffer.alloc(bytes)]));

const FOREIGN = (count: string) =>
  `the base: Go (Terraform) does not read ${count} with the label TRUSTED or X509 CERTIFICATE`;
const BROKEN = (count: string) =>
  `the base: ${count} not contain exactly one certificate. Go (Terraform) skips such blocks, and OpenSSL (git, curl) may not read the file at all. Its bytes are kept as they are`;
const MISFORMATTED = (count: string) =>
  `the base: Go (Terraform) or OpenSSL (git, curl) cannot find ${count} because of the file's formatting, or cannot read the file at all. Its bytes are kept as they are`;

test.each<[string, string, readonly string[]]>([
  ['sound', first + second, []],
  ['with a comment and CRLF', `# a root\r\n${first.replaceAll('\n', '\r\n')}`, []],
  ['with one label of OpenSSL', first + labelled(second, 'TRUSTED CERTIFICATE'), [FOREIGN('1 certificate')]],
  [
    'with labels of OpenSSL only',
    labelled(first, 'TRUSTED CERTIFICATE') + labelled(second, 'X509 CERTIFICATE'),
    [FOREIGN('2 certificates')],
  ],
  ['with the purposes that OpenSSL adds', labelled(withTail(4), 'TRUSTED CERTIFICATE'), [FOREIGN('1 certificate')]],
  ['with bytes after a certificate', second + withTail(1), [BROKEN('1 block does')]],
  ['with bytes after two', withTail(1) + withTail(2), [BROKEN('2 blocks do')]],
  ['with no certificate in a block', first + toPem(Buffer.from('not DER')), [BROKEN('1 block does')]],
  ['with two blocks on one line', first + first.trimEnd() + second, [MISFORMATTED('2 certificates')]],
])('a base %s: the warnings say how many certificates which readers do not find', (_, base, warnings) => {
  const { bytes, warnings: found } = extend(base);
  expect(found).toEqual(warnings);
  expect(bytes.toString('latin1')).toBe(base);
});

test('a certificate that the base has is reported once, wherever it is given, and one that is given twice is added once', () => {
  const extended = extend(first + first, first + second + first + second);
  const subjects = (certificates: readonly { subject: string }[]) => certificates.map(({ subject }) => subject);
  expect(extended.baseCertificates).toBe(1);
  expect(subjects(extended.inBase)).toEqual(['CN=Root']);
  expect(subjects(extended.added)).toEqual(['CN=Second']);
  const [added] = extended.added;
  const comment = `# CN=Second\n# SHA-256 ${added?.fingerprint}, valid until ${added && dayOf(added.notAfter)}\n`;
  expect(extended.bytes.toString()).toBe(first + first + comment + second);
});

test('a certificate that the base has only under a label of OpenSSL, or with bytes after it, is not added', () => {
  expect(extend(labelled(first, 'TRUSTED CERTIFICATE'), first).added).toEqual([]);
  expect(extend(withTail(3), first).added).toEqual([]);
});

test.each<[string, string, string, RegExp]>([
  ['nothing in it', '', 'SPACECTL_NO_BUNDLE', /^the base contains no certificates$/],
  ['text in it', 'hello\n', 'SPACECTL_NO_BUNDLE', /^the base contains no certificates$/],
  ['only a revocation list in it', labelled(first, 'X509 CRL'), 'SPACECTL_NO_BUNDLE', /contains no certificates/],
  [
    'a private key in it',
    first + privateKey('sec1'),
    'SPACECTL_BAD_CERTIFICATE',
    /^the base: block 2 \(line 10\) is a private key\. A trust store is readable by everyone$/,
  ],
  [
    'a damaged block before a private key',
    first.replace(/\n..../, '\n!!!!') + privateKey('pkcs8'),
    'SPACECTL_BAD_CERTIFICATE',
    /^the base: block 2 .* is a private key/,
  ],
  [
    'a damaged block in it',
    first + second.replace(/\n..../, '\n!!!!'),
    'SPACECTL_BAD_CERTIFICATE',
    /^the base: block 2 \(line 10\) .*base64/,
  ],
])('a base with %s is refused, with another base as the way out', (_, base, code, message) => {
  expect(() => extend(base)).toThrow(
    expect.objectContaining({
      code,
      message: expect.stringMatching(message),
      suggestions: expect.arrayContaining([
        'Pass --image-path PATH for another file of the image, or --image FILE for another base',
      ]),
    }),
  );
});

test('a certificate that was reissued is named with both dates; another with the same name only is not', () => {
  const [early, late] = ['2040-02-03', '2041-04-05'].map((day) =>
    make('Root', { keys: root.keys, notAfter: new Date(`${day}T00:00:00Z`) }),
  ) as [typeof root, typeof root];
  expect(extend(early.pem, late.pem).warnings).toEqual([
    'CN=Root, valid until 2041-04-05, has the same subject and key as a certificate of the base, valid until 2040-02-03',
  ]);
  expect(extend(second, early.pem + late.pem).warnings).toEqual([
    'CN=Root, valid until 2041-04-05, has the same subject and key as another added certificate, valid until 2040-02-03',
  ]);
  expect(extend(make('Root').pem, late.pem).warnings).toEqual([]);
  expect(extend(make('Elsewhere', { keys: root.keys }).pem, late.pem).warnings).toEqual([]);
  expect(extend(first + make('Root', { keys: root.keys }).pem).warnings).toEqual([]);
});

test('a reissued certificate is found among more additions than are searched for one by one', () => {
  const others = Array.from({ length: 101 }, (_, index) => make(`Other ${index}`).pem).join('');
  const again = make('Root', { keys: root.keys });
  expect(extend(first, others + again.pem).warnings).toHaveLength(1);
});

const sound = read(first).certificates[0] as Certificate;
const at = (text: string) => new Date(text);
const noon = at('2030-06-15T12:00:00.000Z');
const dated = (notBefore: string, notAfter: string) => ({ ...sound, notBefore: at(notBefore), notAfter: at(notAfter) });

test.each([
  ['2030-06-15T12:00:00.000Z', '2040-01-01T00:00:00Z', undefined],
  ['2030-06-15T12:00:00.001Z', '2040-01-01T00:00:00Z', 'is not valid before 2030-06-15'],
  ['2020-01-01T00:00:00Z', '2030-06-15T12:00:00.000Z', undefined],
  ['2020-01-01T00:00:00Z', '2030-06-15T11:59:59.999Z', 'expired on 2030-06-15'],
])('valid from %s to %s, seen at noon of 15 June 2030: %s', (notBefore, notAfter, problem) => {
  const certificate = dated(notBefore, notAfter);
  expect(dateProblemOf(certificate, noon)).toBe(problem);
  const refused = problemWith(certificate, { ...strict, now: noon });
  expect(refused?.message).toBe(problem);
  if (refused)
    expect(refused.suggestions).toEqual(['Pass --skip-expired to leave it out, or --allow-expired to keep it']);
  for (const expired of ['keep', 'skip'] as const) {
    expect(problemWith(certificate, { ...strict, expired, now: noon })).toBeUndefined();
  }
});

test.each<[string, Partial<Certificate>, readonly string[]]>([
  ['30 days left', { notAfter: at('2030-07-15T12:00:00.000Z') }, []],
  ['a moment less', { notAfter: at('2030-07-15T11:59:59.999Z') }, ['expires on 2030-07-15']],
  ['expired', { notAfter: at('2030-06-15T11:59:59.999Z') }, ['expired on 2030-06-15']],
  ['RSA 2047', { key: { name: 'RSA', rsaBits: 2047 } }, ['has an RSA key of only 2047 bits']],
  ['RSA 2048', { key: { name: 'RSA', rsaBits: 2048 } }, []],
  ['for some names', { hasNameConstraints: true }, ['is limited to some names']],
])('warned of, to the day and the bit: %s', (_, change, warnings) => {
  const certificate = { ...dated('2020-01-01T00:00:00Z', '2040-01-01T00:00:00Z'), ...change };
  expect(warningsAbout(certificate, noon)).toEqual(warnings);
});

test('what is not a CA certificate is refused with its reason and two ways out, unless it is allowed', () => {
  const leaf = { ...sound, notCaReason: 'has CA:FALSE' };
  expect(problemWith(leaf, strict)).toEqual({
    message: 'is not a CA certificate: it has CA:FALSE',
    suggestions: ['Pass the certificate of the CA that signed it, or pass --allow-non-ca'],
  });
  expect(problemWith(leaf, { ...strict, allowNonCa: true })).toBeUndefined();
});
