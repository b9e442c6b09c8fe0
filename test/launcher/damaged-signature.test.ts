import { createMessage, generateKey, sign } from 'openpgp';
import { expect, test } from 'vitest';
import { readSigningKey, verifySignature } from '../../src/launcher/openpgp.ts';

test('No changed byte of a signature is reported as a bug of spacectl', async () => {
  const { privateKey, publicKey } = await generateKey({ userIDs: { name: 'Launcher' }, format: 'object' });
  const signed = Buffer.from('checksums');
  const message = await createMessage({ binary: signed });
  const made = await sign({ message, signingKeys: privateKey, detached: true, format: 'binary' });
  const signature = Buffer.from(made as Uint8Array);
  const key = await readSigningKey(publicKey.write(), publicKey.getFingerprint().toUpperCase(), 'key');
  const errors: unknown[] = [];
  let accepted = 0;
  for (let at = 0; at < signature.length; at++) {
    for (const mask of [0x01, 0x80, 0xff]) {
      const changed = Buffer.from(signature);
      changed[at] = (changed[at] ?? 0) ^ mask;
      await verifySignature(signed, changed, key, 'sums').then(
        () => accepted++,
        (error: unknown) => errors.push(error),
      );
    }
  }
  // The fields that are not signed: hints at the key, and the first bytes of the digest.
  expect(accepted).toBeLessThan(60);
  expect(errors.length).toBeGreaterThan(200);
  for (const error of errors) expect(error).toMatchObject({ name: 'UserError', code: 'SPACECTL_DIGEST_MISMATCH' });
});
