import { expect, test } from 'vitest';
import { extendBundle } from '../../src/ca-bundle/bundle.ts';
import { dateProblemOf, dayOf, problemWith, warningsAbout } from '../../src/ca-bundle/custom/policy.ts';
import type { Certificate } from '../../src/x509/index.ts';
import { toPem } from '../services/certificate.ts';
import { first, make, privateKey, read, root, second, strict } from '../services/given-certificates.ts';

const extend = (base: string, added = '') =>
  extendBundle(Buffer.from(base), added ? read(added).certificates : [], 'the base');
const labelled = (pem: string, label: string) => pem.replaceAll('CERTIFICATE', label);
const withTail = (bytes: number) => toPem(Buffer.concat([root.der, Buffer.alloc(bytes)]));

const LOST = (readers: string, lost: string, where: string) =>
  `the base: ${readers} not read ${lost} as the file has them, such as ${where}. Pass --normalize to write them so that every program reads them`;
const [GO, BOTH] = ['Go (Terraform) does', 'Go (Terraform) and OpenSSL (git, curl) do'] as const;
const [ANY, ONE_OF_TWO] = ['any of its certificates', '1 of its 2 certificates'] as const;
const indented = (pem: string) => pem.replaceAll(/^(?=.)/gm, ' ');

test.each<[string, string, readonly string[]]>([
  ['sound', first + second, []],
  ['with a comment and CRLF', `# a root\r\n${first.replaceAll('\n', '\r\n')}`, []],
  ['with long lines and spaces', first.replaceAll(/(?<=\w)\n(?=\w)/g, '').replaceAll('\n', ' \n'), []],
  [
    'with one label of OpenSSL',
    first + labelled(second, 'TRUSTED CERTIFICATE'),
    [LOST(GO, ONE_OF_TWO, 'CN=Second in block 2 (line 10)')],
  ],
  [
    'with labels of OpenSSL only',
    labelled(first, 'TRUSTED CERTIFICATE') + labelled(second, 'X509 CERTIFICATE'),
    [LOST(GO, ANY, 'CN=Root in block 1 (line 1)')],
  ],
  ['with bytes after a certificate', second + withTail(1), [LOST(GO, ONE_OF_TWO, 'CN=Root in block 2 (line 10)')]],
  ['with bytes after the same one twice', withTail(1) + withTail(2), [LOST(GO, ANY, 'CN=Root in block 1 (line 1)')]],
  ['with an indented block', first + indented(second), [LOST(BOTH, ONE_OF_TWO, 'CN=Second in block 2 (line 10)')]],
  [
    'with a byte order mark, and an indented block',
    `\xef\xbb\xbf${first}${indented(second)}`,
    [
      LOST(GO, ANY, 'CN=Root in block 1 (line 1)'),
      LOST('OpenSSL (git, curl) does', ONE_OF_TWO, 'CN=Second in block 2 (line 10)'),
    ],
  ],
  [
    'with NUL characters after the lines',
    first + second.replaceAll('\n', '\0\n'),
    [LOST(GO, ONE_OF_TWO, 'CN=Second in block 2 (line 10)')],
  ],
  ['with bare carriage returns', first + second.replaceAll(/(?<=\w)\n(?=\w)/g, '\r'), []],
  [
    'with a block without its END line, where OpenSSL reads the one and Go the other',
    first.replace(/-----END.*\n/, '') + second,
    [
      LOST(GO, ONE_OF_TWO, 'CN=Root in a damaged block'),
      LOST('OpenSSL (git, curl) does', ONE_OF_TWO, 'CN=Second in block 2 (line 9)'),
      'the base: 1 damaged block: block 1 (line 1) (CERTIFICATE) is cut off: it has no END line',
    ],
  ],
  [
    'with a damaged block that OpenSSL ignores',
    `${first} ${second.slice(0, 100)}\n`,
    ['the base: 1 damaged block: block 2 (line 10) (CERTIFICATE) is cut off: it has no END line'],
  ],
])('a base %s: the warnings say how many certificates which readers do not find', (_, base, warnings) => {
  const { bytes, warnings: found } = extendBundle(Buffer.from(base, 'latin1'), [], 'the base');
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

test.each<[string, string]>([
  ['under a label of OpenSSL', second + labelled(first, 'X509 CERTIFICATE')],
  ['with bytes after it', second + withTail(3)],
  ['behind a byte order mark', `\ufeff${first}${second}`],
  ['indented', second + indented(first)],
])('a certificate that the base has %s is added, since not every program finds it there', (_, base) => {
  const { added, inBase, certificates, bytes } = extend(base, first + second);
  expect(added.map(({ subject }) => subject)).toEqual(['CN=Root']);
  expect(inBase.map(({ subject }) => subject)).toEqual(['CN=Second']);
  expect(certificates).toBe(2);
  expect(bytes.toString().endsWith(first)).toBe(true);
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
    /^the base: OpenSSL \(git, curl\) rejects the whole file, because the block in line 10 is not base64$/,
  ],
  [
    'wrong padding in it',
    first + second.replace(/=*\n-----END/, '\n-----END').replace(/.\n-----END/, '\n-----END'),
    'SPACECTL_BAD_CERTIFICATE',
    /the block in line 10 is base64 of the wrong length/,
  ],
  [
    'two blocks on one line',
    first + first.trimEnd() + second,
    'SPACECTL_BAD_CERTIFICATE',
    /the block in line 10 has no END line/,
  ],
  [
    'a NUL before a block',
    `${first}\0\n${second}`,
    'SPACECTL_BAD_CERTIFICATE',
    /reads nothing from line 10 on, which begins with a NUL/,
  ],
  ['indented blocks only', indented(first + second), 'SPACECTL_BAD_CERTIFICATE', /finds none of its 2 certificates/],
  [
    'what is not a certificate in a block',
    first + toPem(Buffer.from('not DER')),
    'SPACECTL_BAD_CERTIFICATE',
    /line 10 is not a certificate/,
  ],
  [
    'damaged trust settings',
    first + labelled(withTail(4), 'TRUSTED CERTIFICATE'),
    'SPACECTL_BAD_CERTIFICATE',
    /has damaged trust settings/,
  ],
])('a base with %s is refused, with another base as the way out', (_, base, code, message) => {
  expect(() => extend(base)).toThrow(
    expect.objectContaining({
      code,
      message: expect.stringMatching(message),
      suggestions: expect.arrayContaining([
        { text: 'Pass --image-path PATH for another file of the image, or --image FILE for another base' },
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
    suggestions: [
      'Pass the certificate of the CA that signed it',
      'Pass --skip-non-ca to leave it out, or --allow-non-ca to keep it',
    ],
  });
  expect(problemWith(leaf, { ...strict, allowNonCa: true })).toBeUndefined();
});
