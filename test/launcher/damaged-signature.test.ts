import { expect } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { readSigningKey, verifySignature } from '../../src/launcher/openpgp.ts';
import { createKeyring } from '../services/download-host.ts';
import { testWith } from '../services/programs.ts';

const SIGNED = Buffer.from('the checksums\n');

testWith('gpg')('a signature with any one byte changed or cut off ends with 76, or is as good as before', async () => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('key@example.com');
  const key = await readSigningKey(await keyring.exportKey(fingerprint), fingerprint, 'the key server');
  const signature = await keyring.sign(SIGNED, fingerprint);
  const damaged = [...signature].flatMap((byte, index) => [
    ...[0x01, 0x80, 0xff].map((bits) => Buffer.from(signature.with(index, byte ^ bits))),
    signature.subarray(0, index),
  ]);
  expect(await verifySignature(SIGNED, signature, key, 'SHA256SUMS')).toBeInstanceOf(Date);
  const outcomes = await Promise.allSettled(damaged.map((bytes) => verifySignature(SIGNED, bytes, key, 'SHA256SUMS')));
  const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? each.reason : []));
  expect(reasons.filter((reason) => !(reason instanceof UserError) || reason.exitCode !== 76)).toEqual([]);
  // Some bytes are not part of what is signed, as the issuer that is only a hint.
  expect(reasons.length).toBeGreaterThan(0.8 * damaged.length);
  expect(reasons.length).toBeLessThan(damaged.length);
});
