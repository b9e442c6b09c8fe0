import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/pki/base64.ts';

test('decoding is the inverse of encoding, and tolerates one line ending', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', '\n', '\r\n'), (bytes, ending) => {
      const text = encodeBase64(bytes);
      expect(text).not.toMatch(/\s/);
      expect(decodeBase64(Buffer.from(text + ending))).toEqual(Buffer.from(bytes));
    }),
  );
});

test('what is decoded is encoded to the same text: nothing but canonical base64 is taken', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ABab09+/=-_ \n') }), (text) => {
      let bytes: Buffer;
      try {
        bytes = decodeBase64(Buffer.from(text));
      } catch (error) {
        expect(error).toMatchObject({ code: 'SPACECTL_BAD_DATA' });
        return;
      }
      expect(encodeBase64(bytes)).toBe(text.replace(/\n$/, ''));
    }),
  );
});
