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
  const seen = { taken: 0, refused: 0 };
  const quad = fc.constantFrom('AAAA', 'b+/9', 'A', '=', '==', 'AB==', 'AQ==', 'AA=', 'AAE=', '-_', ' ', '\n');
  fc.assert(
    fc.property(fc.string({ unit: quad, maxLength: 3 }), (text) => {
      let bytes: Buffer;
      try {
        bytes = decodeBase64(Buffer.from(text));
      } catch (error) {
        expect(error).toMatchObject({ code: 'SPACECTL_BAD_DATA' });
        seen.refused++;
        return;
      }
      seen.taken++;
      expect(encodeBase64(bytes)).toBe(text.replace(/\n$/, ''));
    }),
    { numRuns: 1000 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(50);
});
