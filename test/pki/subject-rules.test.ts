import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createCsr } from '../../src/pki/csr.ts';
import { ATTRIBUTE_TYPES, attribute, parseSubject } from '../../src/pki/subject.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** A value of the greatest length that RFC 5280 (appendix A.1) allows, and a longer one. */
const values = (limit: number) => ['x'.repeat(limit), 'x'.repeat(limit + 1)] as const;
const mail = (length: number) => `${'x'.repeat(length - 5)}@a.de`;

test.each([
  ['CN', 64, ...values(64)],
  ['L', 128, ...values(128)],
  ['ST', 128, ...values(128)],
  ['STREET', 128, ...values(128)],
  ['O', 64, ...values(64)],
  ['OU', 64, ...values(64)],
  ['serialNumber', 64, ...values(64)],
  ['emailAddress', 255, mail(255), mail(256)],
])('%s may have %i characters', (type, limit, longest, longer) => {
  expect(parseSubject(`${type}=${longest}`)).toEqual([{ type, value: longest }]);
  expect(() => parseSubject(`${type}=${longer}`)).toThrow(`${type} is longer than ${limit} characters`);
});

test('characters are counted, not the halves that some have in UTF-16', () => {
  expect(attribute('O', '😀'.repeat(64)).value).toHaveLength(128);
  expect(() => attribute('O', '😀'.repeat(65))).toThrow('O is longer than 64 characters');
});

test.each(['DE', 'US'])('C=%s is a country', (code) =>
  expect(attribute('C', code)).toEqual({ type: 'C', value: code }),
);
test.each(['de', 'D', 'DEU', 'D1', ' DE', 'ÄÖ'])('C=%s is none', (code) => {
  expect(() => attribute('C', code)).toThrow(`C "${code}" is not a country code of two capital letters`);
});

test.each(['a@b', 'ops+ci@example.com', "o'brien@example.com"])('%s is an email address', (value) => {
  expect(attribute('emailAddress', value)).toEqual({ type: 'emailAddress', value });
});
test.each(['ops', '@example.com', 'ops@', 'o ps@example.com', 'öps@example.com', 'ops@exämple.com'])(
  '%s is none that an IA5String holds',
  (value) => {
    expect(() => attribute('emailAddress', value)).toThrow(`emailAddress "${value}" is not an email address`);
  },
);

test.each(["42 (A)+b,c-d./:=?'"])('serialNumber %s is a PrintableString', (value) => {
  expect(attribute('serialNumber', value).value).toBe(value);
});
test.each(['4*2', '4_2', '4é2', 'a@b', '#1', '&'])('serialNumber %s is none', (value) => {
  expect(() => attribute('serialNumber', value)).toThrow(
    `serialNumber "${value}" may contain only letters, digits, spaces and '()+,-./:=?`,
  );
});

test.each(Object.keys(ATTRIBUTE_TYPES))(
  '%s is known in lower and upper case, and its value may not be empty',
  (type) => {
    const value = { C: 'DE', emailAddress: 'a@b' }[type] ?? '1';
    expect(parseSubject(`${type.toLowerCase()}=${value}`)).toEqual([{ type, value }]);
    expect(parseSubject(`${type.toUpperCase()} = ${value}`)).toEqual([{ type, value }]);
    expect(() => parseSubject(`${type}=`)).toThrow(`${type} is empty`);
    expect(() => parseSubject(`${type}= \t `)).toThrow(`${type} is empty`);
  },
);

test.each([
  ['\\,', ','],
  ['a\\, Inc.', 'a, Inc.'],
  ['\\ a\\ ', ' a '],
  ['a\\ \\ ', 'a  '],
  ['a\\\\', 'a\\'],
  ['\\#a', '#a'],
  ['a=b', 'a=b'],
  ['a\\+b=c', 'a+b=c'],
  ['a+b', 'a+b'],
  ['a + b', 'a + b'],
  ['1+1=2', '1+1=2'],
  ['\\E2\\82\\AC', '€'],
  ['\\e2\\82\\ac', '€'],
  ['\\41\\4a', 'AJ'],
  ['\\"a\\"', '"a"'],
  ['\\<a\\>\\;', '<a>;'],
  ['\u00a0a\u00a0', '\u00a0a\u00a0'],
])('O=%s is read as %s', (text, value) => {
  expect(parseSubject(`OU=x,O=${text},L=y`)).toEqual([
    attribute('OU', 'x'),
    attribute('O', value),
    attribute('L', 'y'),
  ]);
});

test.each([
  ['O=a+OU=b', 'OU'],
  ['O=a + OU = b', 'OU'],
  ['O=a+b+OU=c', 'OU'],
  ['O=a\\++OU=c', 'OU'],
  ['O=a+L=b', 'L'],
  ['O=a+serialNumber=7', 'serialNumber'],
  ['O=a+x-500=b', 'x-500'],
  ['O=a+2.16.840=b', '2.16.840'],
  ['O=a+2.5.4.11=b', '2.5.4.11'],
  ['O=a+10.5=b', '10.5'],
  ['O=a+10.5=b+CN=c', '10.5'],
  ['O=a  +  OU  =b', 'OU'],
  // Of several, the first is named.
  ['O=a+OU=b+CN=c', 'OU'],
  ['O=a + OU = b+CN=c', 'OU'],
  ['O=a+  OU  =b+CN=c', 'OU'],
  ['O=a+L=b+CN=c', 'L'],
  ['O=a+serialNumber=7+CN=c', 'serialNumber'],
  ['O=a+x-500=b+CN=c', 'x-500'],
  ['O=a+2.16.840=b+CN=c', '2.16.840'],
  ['O=a+2.5.4.11=b+CN=c', '2.5.4.11'],
])('%s would be one attribute of two values, and the error says how to write either', (text, type) => {
  expect(() => parseSubject(`CN=x,${text}`)).toThrow(
    expect.objectContaining({
      code: 'SPACECTL_BAD_INPUT',
      message: `"${text}": put a comma before ${type} for an attribute of its own, or a backslash before the +`,
      suggestions: [{ text: 'Pass --subject "O=Acme\\, Inc.,OU=Platform,C=DE"' }],
    }),
  );
});

test.each(['#0C', '#0C0161', '#0c0161', '#ffFF09', '  #0C01', '#0C01  '])(
  'O=%s would be the encoding of a value, and the error says how to write it as text',
  (value) => {
    expect(() => parseSubject(`CN=x,O=${value}`)).toThrow(
      `"O=${value}": write the value as text, or put a backslash before the #`,
    );
  },
);

test.each(['#', '#0', '#ABC', '#0C0', '#0G', '#0C x', 'x #0C', '0C', '#0C#0C'])('O=%s is text', (value) => {
  expect(parseSubject(`O=${value}`)).toEqual([{ type: 'O', value }]);
});

test.each(['a+1.2', 'a+1=2', 'a+.5=b', 'a+1.=b', 'a+-x=b', 'a+x y=b', 'a+=b', 'a+x'])(
  'the + in O=%s joins nothing, since no type of attribute follows it',
  (value) => {
    expect(parseSubject(`O=${value}`)).toEqual([{ type: 'O', value }]);
    expect(() => parseSubject(`O=${value}+OU=b`)).toThrow('put a comma before OU for');
  },
);

test.each(['"', '<', '>', ';'])('a value with %s has to escape it', (character) => {
  expect(() => parseSubject(`O=a${character}b`)).toThrow(`"a${character}b": put a backslash before " < > ;`);
});

test.each([
  ['=a', '"=a" is not TYPE=VALUE'],
  ['O', '"O" is not TYPE=VALUE'],
  ['O=a,b', '"b" is not TYPE=VALUE'],
  ['O=a, \t b', '"b" is not TYPE=VALUE'],
  ['2.5.4.10=a', '"2.5.4.10" is not an attribute type. Use one of CN, C, L, ST, STREET, O, OU, serialNumber'],
  ['O=\u0007', 'O contains a control character'],
  ['O=\\7F', 'O contains a control character'],
])('%j is refused: %s', (text, message) => {
  expect(() => parseSubject(text)).toThrow(message);
});

testWith('openssl')('the same text gives the same subject as openssl req -subj, for all types at once', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const parts = ['CN=pool', 'C=DE', 'L=Köln', 'ST=NRW', 'STREET=Am Dom 1', 'O=Acme\\, Inc.', 'OU=a', 'OU=b'];
  const all = [...parts, 'serialNumber=7', 'emailAddress=ops@example.com'];
  const key = path.join(await temporaryFolder(), 'key.pem');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const asOpenssl = [
    '-new',
    '-utf8',
    '-key',
    key,
    '-subj',
    `/${all.join('/').replaceAll('\\,', ',').replace('STREET', 'street')}`,
  ];
  const { stdout: theirs } = await execa('openssl', ['req', ...asOpenssl]);
  const ours = await createCsr(privateKey, parseSubject(all.join(',')));
  const both = await Promise.all(
    [theirs, ours].map(async (pem) => {
      const options = ['-noout', '-subject', '-nameopt', 'RFC2253,show_type'];
      return (await execa('openssl', ['req', ...options], { input: pem })).stdout;
    }),
  );
  expect(both[1]).toBe(both[0]);
  expect(both[1]).toContain('emailAddress=IA5STRING:ops@example.com');
});
