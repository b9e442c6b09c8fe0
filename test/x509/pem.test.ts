import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCertificate, readPem } from '../../src/x509/pem.ts';
import { readTidyPem } from '../../src/x509/pem-readers/tidy.ts';

const ending = fc.constantFrom('\n', '\r\n', '\r\r\n', '\r');
const junk = fc.constantFrom('', 'subject=/CN=x\n', '\n\n', '# text\n', '\u{feff}');
const indent = fc.constantFrom('', '  ', '\t');

test('blocks come out whole whatever the line endings, indentation and text between them', () => {
  const block = fc.record({ bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }), junk, ending, indent });
  fc.assert(
    fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
      const text = blocks.map(
        (each) =>
          each.junk +
          formatCertificate(each.bytes)
            .trimEnd()
            .replaceAll('\n', each.ending + each.indent),
      );
      const found = readPem(Buffer.from(text.join(''), 'latin1').toString('latin1'));
      expect(found.map(({ bytes }) => bytes)).toEqual(blocks.map(({ bytes }) => Buffer.from(bytes)));
    }),
  );
});

test('a block of more lines than any certificate has is read, and is not tidy', () => {
  const bytes = Buffer.alloc(12_000_000, 'x');
  const text = formatCertificate(Buffer.from('a certificate')) + formatCertificate(bytes);
  expect(readPem(text).map((block) => block.bytes?.length)).toEqual([13, bytes.length]);
  expect(readTidyPem(text)).toBeUndefined();
});
