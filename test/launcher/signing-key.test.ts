import { expect } from 'vitest';
import { readSigningKey, verifySignature } from '../../src/launcher/openpgp.ts';
import { createKeyring, type Keyring } from '../services/download-host.ts';
import { testWith } from '../services/programs.ts';

const test = testWith('gpg');
const SIGNED = Buffer.from('the checksums\n');

/** Dates on which keys are made, sign and are revoked. */
const at = (year: number) => ['--faked-system-time', `${year}0101T000000!`] as const;
const [MADE, BEFORE, REVOKED, AFTER] = [at(2020), at(2021), at(2022), at(2023)];

/** Verifies with the key as the key server has it now. */
async function verify(keyring: Keyring, fingerprint: string, signature: Buffer): Promise<Date> {
  const key = await readSigningKey(await keyring.exportKey(fingerprint), fingerprint, 'the key server');
  return verifySignature(SIGNED, signature, key, 'SHA256SUMS');
}

/** What GnuPG says, with which hosts verify: `GOODSIG`, `REVKEYSIG`, `EXPKEYSIG`, … (its doc/DETAILS). */
async function gpgVerdict(keyring: Keyring, signature: Buffer): Promise<string | undefined> {
  const status = await keyring.verify(SIGNED, signature);
  return /^\[GNUPG:\] (GOODSIG|BADSIG|ERRSIG|EXPSIG|EXPKEYSIG|REVKEYSIG) /m.exec(status)?.[1];
}

const REASONS = [
  [0, 'without a reason'],
  [1, 'since it is compromised'],
  [2, 'since it is superseded'],
  [3, 'since it is no longer used'],
] as const;

test.each(REASONS)('a key revoked for reason %i, %s, vouches for nothing any more', async (reason) => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('old@example.com', 'never', 'sign', MADE);
  const [early, late] = [
    await keyring.sign(SIGNED, fingerprint, ...BEFORE),
    await keyring.sign(SIGNED, fingerprint, ...AFTER),
  ];
  expect(await verify(keyring, fingerprint, early)).toEqual(new Date('2021-01-01'));
  await keyring.revokeFor(fingerprint, reason, 'key', ...REVOKED);
  for (const signature of [early, late]) {
    await expect(verify(keyring, fingerprint, signature)).rejects.toMatchObject({
      code: 'SPACECTL_DIGEST_MISMATCH',
      message: `The signing key ${fingerprint} is revoked`,
    });
    expect(await gpgVerdict(keyring, signature)).toBe('REVKEYSIG');
  }
});

test.each(REASONS)('a subkey revoked for reason %i, %s, neither; the key itself still does', async (reason) => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('old@example.com', 'never', 'sign', MADE);
  await keyring.gpg(...MADE, '--quick-add-key', fingerprint, 'ed25519', 'sign', 'never');
  const [, subkey = ''] = await keyring.fingerprintsOf(fingerprint);
  const [early, late, own] = [
    await keyring.sign(SIGNED, `${subkey}!`, ...BEFORE),
    await keyring.sign(SIGNED, `${subkey}!`, ...AFTER),
    await keyring.sign(SIGNED, `${fingerprint}!`, ...AFTER),
  ];
  expect(await verify(keyring, fingerprint, early)).toEqual(new Date('2021-01-01'));
  await keyring.revokeFor(fingerprint, reason, 'subkey', ...REVOKED);
  for (const signature of [early, late]) {
    await expect(verify(keyring, fingerprint, signature)).rejects.toMatchObject({
      code: 'SPACECTL_DIGEST_MISMATCH',
      message: `SHA256SUMS is signed by a subkey of ${fingerprint} that is revoked: ${subkey}`,
    });
    expect(await gpgVerdict(keyring, signature)).toBe('REVKEYSIG');
  }
  expect(await verify(keyring, fingerprint, own)).toEqual(new Date('2023-01-01'));
  // A file may hold several signatures: one that is good is enough, wherever it stands.
  expect(await verify(keyring, fingerprint, Buffer.concat([early, own]))).toEqual(new Date('2023-01-01'));
  expect(await verify(keyring, fingerprint, Buffer.concat([own, early]))).toEqual(new Date('2023-01-01'));
});

test('a revocation counts on a machine whose clock is behind', async () => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('old@example.com', 'never', 'sign', MADE);
  const signature = await keyring.sign(SIGNED, fingerprint, ...BEFORE);
  await keyring.revokeFor(fingerprint, 3, 'key', ...at(2090));
  await expect(verify(keyring, fingerprint, signature)).rejects.toThrow(`The signing key ${fingerprint} is revoked`);
  expect(await gpgVerdict(keyring, signature)).toBe('REVKEYSIG');
});

test('a key that has expired vouches for what it signed until then, and says when it expired', async () => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('old@example.com', 'never', 'sign', MADE);
  const [early, late] = [
    await keyring.sign(SIGNED, fingerprint, ...BEFORE),
    await keyring.sign(SIGNED, fingerprint, ...AFTER),
  ];
  await keyring.gpg(...BEFORE, '--quick-set-expire', fingerprint, '2022-01-01');
  const key = await readSigningKey(await keyring.exportKey(fingerprint), fingerprint, 'the key server');
  expect(key.expiresAt?.toISOString().slice(0, 4)).toMatch(/^202[12]$/);
  expect(await verify(keyring, fingerprint, early)).toEqual(new Date('2021-01-01'));
  await expect(verify(keyring, fingerprint, late)).rejects.toThrow(
    /^The signing key expired on 202[12]-\d\d-\d\d, before SHA256SUMS was signed$/,
  );
  expect(await gpgVerdict(keyring, early)).toBe('EXPKEYSIG');
});

test('a key that never expires has no date of expiry', async () => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('old@example.com');
  const key = await readSigningKey(await keyring.exportKey(fingerprint), fingerprint, 'the key server');
  expect(key).toMatchObject({ fingerprint, isRevoked: false });
  expect(key).not.toHaveProperty('expiresAt');
});

test('armored or binary, the key and its signature are read alike; text before the armor, too', async () => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('old@example.com', 'never', 'sign', MADE);
  const [key, armoredKey] = [await keyring.gpg('--export', fingerprint), await keyring.exportKey(fingerprint)];
  const [signature, armored] = [
    await keyring.sign(SIGNED, fingerprint, ...BEFORE),
    await keyring.sign(SIGNED, fingerprint, '--armor', ...BEFORE),
  ];
  expect(armored.toString()).toMatch(/^-----BEGIN PGP SIGNATURE-----/);
  for (const bytes of [key, armoredKey, Buffer.concat([Buffer.from('\r\n \n'), armoredKey])]) {
    for (const each of [signature, armored]) {
      const read = await readSigningKey(bytes, fingerprint, 'a file');
      expect(await verifySignature(SIGNED, each, read, 'SHA256SUMS')).toEqual(new Date('2021-01-01'));
    }
  }
});

test('the pinned key is found among others, and what there is instead is named', async () => {
  const keyring = await createKeyring();
  const pinned = await keyring.makeKey('pinned@example.com');
  const other = await keyring.makeKey('other@example.com');
  const both = Buffer.concat([await keyring.gpg('--export', other), await keyring.gpg('--export', pinned)]);
  expect((await readSigningKey(both, pinned, 'a file')).key.getFingerprint().toUpperCase()).toBe(pinned);
  await expect(readSigningKey(both, '0'.repeat(40), 'a file')).rejects.toMatchObject({
    code: 'SPACECTL_DIGEST_MISMATCH',
    message: `a file does not contain the key ${'0'.repeat(40)}, only ${other}, ${pinned}`,
  });
  const foreign = await keyring.sign(SIGNED, other);
  await expect(verify(keyring, pinned, foreign)).rejects.toThrow(
    `SHA256SUMS is signed by a different key than ${pinned}`,
  );
});

test.each([
  ['text', 'hello', 'is not an OpenPGP key'],
  ['an empty file', '', 'is not an OpenPGP key'],
  ['a web page', '\n <!DOCTYPE html>', 'is not an OpenPGP key but a web page; a proxy may have answered'],
])('%s is not a key, nor a signature, and the error says so', async (_, text, message) => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('old@example.com');
  await expect(readSigningKey(Buffer.from(text), fingerprint, 'a file')).rejects.toMatchObject({
    code: 'SPACECTL_DIGEST_MISMATCH',
    message: expect.stringContaining(`a file ${message}`),
  });
  await expect(verify(keyring, fingerprint, Buffer.from(text))).rejects.toMatchObject({
    code: 'SPACECTL_DIGEST_MISMATCH',
    message: expect.stringContaining(`The signature of SHA256SUMS ${message.replace('key', 'signature')}`),
  });
});

test('bytes that differ from what was signed are not vouched for', async () => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('key@example.com');
  for (const signed of ['the checksums', 'the checksums\n\n', 'the Checksums\n', '']) {
    const signature = await keyring.sign(signed, fingerprint);
    await expect(verify(keyring, fingerprint, signature)).rejects.toMatchObject({
      code: 'SPACECTL_DIGEST_MISMATCH',
      message: expect.stringMatching(new RegExp(`^SHA256SUMS has no valid signature by ${fingerprint}: .+`)),
    });
  }
});

test('a signature stays good when the expiry of the key is extended after it', async () => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('key@example.com', '3y', 'sign', MADE);
  const signature = await keyring.sign(SIGNED, fingerprint, ...BEFORE);
  await keyring.gpg('--quick-set-expire', fingerprint, '1y');
  expect(await verify(keyring, fingerprint, signature)).toEqual(new Date('2021-01-01'));
  expect(await gpgVerdict(keyring, signature)).toBe('GOODSIG');
});
