import { generateKeyPairSync } from 'node:crypto';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCsr } from '../../src/pki/csr.ts';
import { ATTRIBUTE_TYPES, type AttributeType, attribute, parseSubject } from '../../src/pki/subject.ts';
import { testWith } from '../services/programs.ts';

/** Values with much of what has a meaning in a distinguished name, and of what is not ASCII. */
const value = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...' \u00a0,+"\\<>;=#/aé漢😀'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
  })
  .filter((text) => text !== '' && !/\p{Cc}/u.test(text) && [...text].length <= 64);
const type = fc.constantFrom<AttributeType>('CN', 'L', 'ST', 'STREET', 'O', 'OU');
const subjects = fc.array(fc.record({ type, value }), { minLength: 1, maxLength: 5 });

/** RFC 4514, section 2.4, at its most careful: everything that may be escaped is. */
function escapeValue(text: string): string {
  return text.replace(/[ ,+"\\<>;=#]/g, '\\$&');
}

test('what is escaped by the rules is read as it was', () => {
  fc.assert(
    fc.property(subjects, (attributes) => {
      const text = attributes.map((each) => `${each.type}=${escapeValue(each.value)}`).join(',');
      expect(parseSubject(text)).toEqual(attributes);
    }),
  );
});

testWith('openssl')(
  'a request holds the subject as given: openssl writes it out, and that is read as it was',
  async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await fc.assert(
      fc.asyncProperty(subjects, async (attributes) => {
        const input = await createCsr(privateKey, attributes);
        // RFC 2253 has the attributes last first.
        const { stdout } = await execa('openssl', ['req', '-noout', '-subject', '-nameopt', 'RFC2253'], { input });
        expect(parseSubject(stdout.replace(/^subject=/, ''))).toEqual([...attributes].reverse());
      }),
      { numRuns: 40 },
    );
  },
);

test.each([
  ['an unknown type', 'X=1', '"X" is not an attribute type'],
  ['no type', 'Acme', 'not TYPE=VALUE'],
  ['an empty value', 'O=', 'O is empty'],
  ['a value that is too long', `O=${'x'.repeat(65)}`, 'longer than 64'],
  ['a country that is no code', 'C=Germany', 'two capital letters'],
  ['a backslash at the end', 'O=Acme\\', 'ends in a backslash'],
  ['a quote that is not escaped', 'O="Acme"', 'put a backslash before'],
  ['a line break', 'O=a\\0Ab', 'control character'],
  ['two attributes joined', 'CN=a+OU=b', 'put a comma before OU for an attribute of its own'],
  ['two attributes joined, one by its number', 'CN=a+2.5.4.11=b', 'put a comma before 2.5.4.11'],
  ['a type by its number', '2.5.4.3=a', '"2.5.4.3" is not an attribute type'],
  ['a value in hexadecimal', 'O=a,CN=#0C0161', 'write the value as text, or put a backslash before the #'],
])('a subject is refused: %s', (_case, text, message) => {
  expect(() => parseSubject(text)).toThrow(message);
});

test('a + that joins nothing and a # that begins no hexadecimal value are text', () => {
  expect(parseSubject('O=C++ Team + more,OU=#1 Team,L=\\#0C01')).toEqual([
    attribute('O', 'C++ Team + more'),
    attribute('OU', '#1 Team'),
    attribute('L', '#0C01'),
  ]);
});

test('names of types in any case, white space around them, and hexadecimal pairs for UTF-8 are taken', () => {
  expect(parseSubject('o = Soci\\C3\\A9t\\C3\\A9 , ou=Build')).toEqual([
    attribute('O', 'Société'),
    attribute('OU', 'Build'),
  ]);
  expect(Object.keys(ATTRIBUTE_TYPES)).toContain('O');
});

test('no text is no attribute', () => {
  expect(parseSubject('')).toEqual([]);
});
