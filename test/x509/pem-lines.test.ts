import { expect, test } from 'vitest';
import { formatCertificate, looksLikePem, readPem } from '../../src/x509/pem.ts';

const BODY = 'MIIB';
const BYTES = Buffer.from(BODY, 'base64');
const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';
const BLOCK = `${BEGIN}\n${BODY}\n${END}\n`;

/** What a text has, as `line label`, or `line label: damage`. */
const found = (text: string) =>
  readPem(text).map(({ line, label, bytes, damage }) => {
    expect(bytes === undefined).toBe(damage !== undefined);
    if (bytes) expect(bytes).toEqual(BYTES);
    return `${line} ${label}${damage === undefined ? '' : `: ${damage}`}`;
  });

test.each([
  ['alone', BLOCK, 1],
  ['after a line of text', `subject=CN=x\n${BLOCK}`, 2],
  ['behind text on its line', `x ${BLOCK}`, 1],
  ['behind a # that does not begin the line', `x # ${BLOCK}`, 1],
  ['after a comment', `# x\n${BLOCK}`, 2],
  ['after a comment with a BEGIN line', `# ${BEGIN}\n${BLOCK}`, 2],
  ['after a comment with text and a BEGIN line', `#old: ${BEGIN}\n${BLOCK}`, 2],
  ['after an indented comment with a BEGIN line', `  # ${BEGIN}\n${BLOCK}`, 2],
  ['after a comment behind a tab with a BEGIN line', `\t#${BEGIN}\n${BLOCK}`, 2],
  ['with a comment between its lines', BLOCK.replace(END, `# ${END}\n${END}`), undefined],
  ['with blanks between hyphens and words', BLOCK.replaceAll('-----B', '----- \tB').replaceAll('-----E', '----- E'), 1],
  ['with Windows line ends', BLOCK.replaceAll('\n', '\r\n'), 1],
  ['with line ends written out', BLOCK.replaceAll('\n', '\\n'), 1],
  ['with Windows line ends written out', BLOCK.replaceAll('\n', '\\r\\n'), 1],
  ['with a NUL behind its lines', BLOCK.replaceAll('\n', '\0\n'), 1],
  ['with blank lines in it', BLOCK.replaceAll('\n', '\n\n \t\n'), 1],
  ['with a blank behind its label', BLOCK.replaceAll('CERTIFICATE-', 'CERTIFICATE -'), 1],
  ['on one line', BLOCK.replaceAll('\n', ''), 1],
])('a block is read %s', (_, text, line) => {
  if (line === undefined) expect(found(text)).toEqual([expect.stringMatching(/^1 CERTIFICATE: is damaged/)]);
  else expect(found(text)).toEqual([`${line} CERTIFICATE`]);
});

test.each(['X509 CRL', 'EC PRIVATE KEY', 'PKCS7', 'PKCS #7 SIGNED DATA', 'CERTIFICATE REQUEST', 'X', '7'])(
  'a block labelled %s is read',
  (label) => {
    expect(found(BLOCK.replaceAll('CERTIFICATE', label))).toEqual([`1 ${label}`]);
  },
);

test.each(['BEGIN', 'END'])('a %s line without all of its hyphens is damaged, and says how it should be', (word) => {
  const line = `-----${word} CERTIFICATE-----`;
  const damaged = [
    ...[1, 2, 3, 4].map((hyphens) => line.replace('-----', '-'.repeat(hyphens))),
    ...[0, 1, 2, 3, 4].map((hyphens) => line.replace(/-----$/, '-'.repeat(hyphens))),
    line.replaceAll('--', '\u2013').replaceAll('-', ''),
    line.replaceAll('-----', '\u2014\u2014'),
    line.replaceAll('-----', '\u2010\u2015\u2010\u2015\u2010'),
    // UTF-8 read as Latin-1.
    line.replaceAll('-----', Buffer.from('\u2014').toString('latin1')),
  ];
  for (const each of damaged) {
    const said = `has a damaged ${word} line: it must be "-----${word} CERTIFICATE-----"`;
    expect(found(`\n${each}\n`)).toEqual([`2 : ${said}`]);
  }
});

test.each([
  ['CRL', true],
  ['RSA PRIVATE KEY', true],
  ['PKCS7', true],
  ['CMS', true],
  ['DH PARAMETERS', true],
  ['PGP MESSAGE', false],
  ['OF MY NOTES', false],
])('a line with too few hyphens around BEGIN %s is taken for PEM: %s', (label, isPem) => {
  expect(found(`--BEGIN ${label}--\n`)).toHaveLength(isPem ? 1 : 0);
});

test('what is damaged is told, and what follows it is read', () => {
  const cut = '(CERTIFICATE) is cut off: it has no END line';
  expect(found(`${BEGIN}\n${BODY}\n${BLOCK}`)).toEqual([`1 CERTIFICATE: ${cut}`, '3 CERTIFICATE']);
  expect(found(`${BLOCK}${BEGIN}\n${BODY}\n`)).toEqual(['1 CERTIFICATE', `4 CERTIFICATE: ${cut}`]);
  expect(found(`${END}\n${BLOCK}`)).toEqual(['1 : (END CERTIFICATE) has no BEGIN line', '2 CERTIFICATE']);
  expect(found(`${BLOCK}${END}\n`)).toEqual(['1 CERTIFICATE', '4 : (END CERTIFICATE) has no BEGIN line']);
  expect(found(`${BEGIN}\n${BODY}\n-----END X509 CRL-----\n${END}\n`)).toEqual([
    `1 CERTIFICATE: ${cut}`,
    '4 : (END CERTIFICATE) has no BEGIN line',
  ]);
  const damaged = 'has a damaged END line: it must be "-----END CERTIFICATE-----"';
  expect(found(`${BEGIN}\n${BODY}\n-END CERTIFICATE-\n${END}\n${BLOCK}`)).toEqual([
    `3 : ${damaged}`,
    '4 : (END CERTIFICATE) has no BEGIN line',
    '5 CERTIFICATE',
  ]);
  expect(readPem(`${BLOCK}${END}\n${BLOCK}`).map(({ position }) => position)).toEqual([1, 2, 3]);
  expect(found(BLOCK.replaceAll('-----', '-------'))).toEqual([expect.stringMatching(/^1 CERTIFICATE: is damaged/)]);
  expect(found('')).toEqual([]);
});

test('lines are counted by their line feeds, across many blocks', () => {
  expect(found(`\n\n${BLOCK}x\n${BLOCK}\r\n${BLOCK.replaceAll('\n', '\\n')}${BLOCK}`)).toEqual(
    [3, 7, 11, 11].map((line) => `${line} CERTIFICATE`),
  );
});

const NOT_BASE64 = 'is damaged: the text between BEGIN and END is not base64';
const HEADERS = 'has headers between BEGIN and the base64, which OpenSSL and Go reject';

test.each([
  ['', 'is empty'],
  ['\n', 'is empty'],
  ['\n \t\\n\0\n', 'is empty'],
  ['\nMIIB!\n', NOT_BASE64],
  ['\n!MIIB\n', NOT_BASE64],
  ['\nMI=B\n', NOT_BASE64],
  ['\nMIIB===\n', NOT_BASE64],
  ['\nMIIBA\n', NOT_BASE64],
  ['\nMIIBA=\n', NOT_BASE64],
  ['\nM\n', NOT_BASE64],
  ['\n====\n', NOT_BASE64],
  ['\nM=\n', NOT_BASE64],
  ['\nM==\n', NOT_BASE64],
  ['\nA\nMIIB\n', NOT_BASE64],
  ['\n!\nMIIB\n', NOT_BASE64],
  ['\nMIIB\n!\n', NOT_BASE64],
  ['\n!!!!MIIB\n', NOT_BASE64],
  ['\n!!!!\n', NOT_BASE64],
  ['\n!!!=\n', NOT_BASE64],
  ['\n!!==\n', NOT_BASE64],
  [`\n${'!'.repeat(64)}\nMIIB\n`, NOT_BASE64],
  ['\nProc-Type: 4,ENCRYPTED\n\nMIIB\n', 'is encrypted (Proc-Type)'],
  ['\nENCRYPTED!\nMIIB\n', 'is encrypted (Proc-Type)'],
  ['\nsubject: x\nMIIB\n', HEADERS],
  ['\n \tX-500: x\nMIIB\n', HEADERS],
  ['\nS:\nMIIB\n', HEADERS],
  ['\n5S: x\nMIIB\n', NOT_BASE64],
  ['\nMIIB\nsubject: x\n', NOT_BASE64],
  ['\nsubject x:\nMIIB\n', NOT_BASE64],
])('between BEGIN and END, %j %s', (body, damage) => {
  expect(found(`${BEGIN}${body}${END}\n`)).toEqual([`1 CERTIFICATE: ${damage}`]);
});

test.each([
  ['MIIB', 'MIIB'],
  ['MIIBAA==', 'MIIBAA=='],
  ['MIIBAA=', 'MIIBAA=='],
  ['MIIBAA', 'MIIBAA=='],
  ['MIIBAAA=', 'MIIBAAA='],
  ['MIIBAAA', 'MIIBAAA='],
  ['M IIB', 'MIIB'],
  ['MI\nIB', 'MIIB'],
  [`${'A'.repeat(64)}\nMIIB`, `${'A'.repeat(64)}MIIB`],
  [`${'A'.repeat(65)}\nMII`, `${'A'.repeat(65)}MII`],
  [`${'A'.repeat(64)}\n`, 'A'.repeat(64)],
  ['+/+/', '+/+/'],
])('%j is read as base64', (body, base64) => {
  const [block] = readPem(`${BEGIN}\n${body}\n${END}\n`);
  expect(block).toMatchObject({ bytes: Buffer.from(base64, 'base64') });
});

test('a text looks like PEM if it has a line that begins or ends a block, whole or damaged', () => {
  const yes = [BLOCK, BEGIN, END, 'BEGIN RSA PRIVATE KEY-', 'END X509 CRL\u2014', 'x BEGIN PKCS7-', 'BEGIN CMS-'];
  const latin1 = `BEGIN CERTIFICATE${Buffer.from('\u2013').toString('latin1')}`;
  const longest = `BEGIN ${'A'.repeat(30)}KEY${'A'.repeat(30)}-`;
  for (const text of [...yes, latin1, longest, 'BEGIN KEY-', 'END 9 #CERT 9-']) {
    expect({ text, isPem: looksLikePem(text) }).toEqual({ text, isPem: true });
  }
  const no = [
    '',
    'BEGIN CERTIFICATE',
    'BEGINCERTIFICATE-',
    'BEGIN certificate-',
    'CERTIFICATE-----',
    'BEGIN PGP MESSAGE-',
  ];
  const longer = [31, 30].map((length) => `BEGIN ${'A'.repeat(length)}KEY${'A'.repeat(61 - length)}-`);
  for (const text of [...no, ...longer]) expect({ text, isPem: looksLikePem(text) }).toEqual({ text, isPem: false });
});

test('a certificate is written in lines of 64 characters, and read as it was', () => {
  for (const length of [1, 47, 48, 49, 96]) {
    const der = Buffer.alloc(length, 0xab);
    const text = formatCertificate(der);
    const lines = text.split('\n').slice(1, -2);
    expect(lines.slice(0, -1).every((line) => line.length === 64)).toBe(true);
    expect(lines.at(-1)?.length).toBeLessThanOrEqual(64);
    expect(text).toBe(`${BEGIN}\n${lines.join('\n')}\n${END}\n`);
    expect(readPem(text)).toEqual([{ label: 'CERTIFICATE', line: 1, position: 1, bytes: der }]);
  }
});
