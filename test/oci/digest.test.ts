import { expect, test } from 'vitest';
import { checkDigest, digestOf } from '../../src/oci/digest.ts';

const bytes = Buffer.from('the bytes of a layer');
const check = (given: Uint8Array, size?: number) => {
  const found = checkDigest(digestOf(bytes), 'The layer', size);
  found.update(given);
  found.finish();
};

test.each([
  ['a part of them', bytes.subarray(0, 5), 'The layer ended early, after 5 of 20 bytes', /^Copy the image again/],
  ['nothing of them', bytes.subarray(0, 0), 'The layer ended early, after 0 of 20 bytes', /^Copy the image again/],
  ['as many others', Buffer.alloc(20), /^The layer does not match its digest: received sha256:/, /alters the data$/],
  ['more', Buffer.alloc(21), 'The layer has more than the expected 20 bytes', /alters the data$/],
])('only whole bytes are said to be altered: %s', (_, given, message, advice) => {
  expect(() => check(given, bytes.length)).toThrow(
    expect.objectContaining({
      code: 'SPACECTL_DIGEST_MISMATCH',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      suggestions: [{ text: expect.stringMatching(advice) }],
    }),
  );
});

test('the right bytes pass, whether or not their size is known', () => {
  check(bytes);
  check(bytes, bytes.length);
  expect(() => check(bytes.subarray(1))).toThrow(/does not match its digest/);
});
