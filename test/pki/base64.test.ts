import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/pki/base64.ts';

test('base64 decodes to what was encoded, and one line ending is allowed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', '\n', '\r\n'), (bytes, ending) => {
      const text = encodeBase64(bytes);
      expect(text).not.toMatch(/\s/);
      expect(decodeBase64(Buffer.from(text + ending))).toEqual(Buffer.from(bytes));
    }),
  );
});

test('only canonical base64 is taken', () => {
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
