import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { extendBundle } from '../../src/ca-bundle/bundle.ts';
import { readCustomCertificates } from '../../src/ca-bundle/custom/custom-certificates.ts';
import { contentsOf } from '../../src/x509/file-contents.ts';
import { readTrustSettings, rejectsServers } from '../../src/x509/trust-settings.ts';
import { makeCertificate, tlv, toPem } from '../services/certificate.ts';
import { strict } from '../services/given-certificates.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const root = makeCertificate({ subject: { CN: 'Root' } });
const leaf = makeCertificate({ subject: { CN: 'a.test' }, issuer: root, isCa: false, names: ['a.test'] });

const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'));
const [SERVER, CLIENT, ANY] = ['2b06010505070301', '2b06010505070302', '551d2500'].map(oid) as [Buffer, Buffer, Buffer];
const trusts = (...purposes: Buffer[]) => tlv(0x30, ...purposes);
const rejects = (...purposes: Buffer[]) => tlv(0xa0, ...purposes);
const name = tlv(0x0c, Buffer.from('an alias'));

/** Trust settings, and what becomes of servers below the root: OpenSSL refuses to read the file, or rejects them, or not. */
const cases: readonly (readonly [string, Buffer, 'trusted' | 'rejected' | 'damaged'])[] = [
  ['nothing', Buffer.alloc(0), 'trusted'],
  ['no settings', tlv(0x30), 'trusted'],
  ['an alias and a key identifier', tlv(0x30, name, tlv(0x04, Buffer.from('id'))), 'trusted'],
  ['servers trusted', tlv(0x30, trusts(SERVER)), 'trusted'],
  ['everything trusted', tlv(0x30, trusts(ANY)), 'trusted'],
  ['clients trusted', tlv(0x30, trusts(CLIENT)), 'rejected'],
  ['nothing trusted', tlv(0x30, trusts()), 'rejected'],
  ['clients rejected', tlv(0x30, rejects(CLIENT)), 'trusted'],
  ['servers rejected', tlv(0x30, rejects(CLIENT, SERVER)), 'rejected'],
  ['everything rejected', tlv(0x30, rejects(ANY), name), 'rejected'],
  ['servers trusted and rejected', tlv(0x30, trusts(SERVER), rejects(SERVER)), 'rejected'],
  ['settings in another order', tlv(0x30, name, trusts(SERVER)), 'damaged'],
  ['a number instead of a purpose', tlv(0x30, trusts(tlv(0x02, Buffer.from([1])))), 'damaged'],
  ['text', Buffer.from('text'), 'damaged'],
  ['settings that are cut off', tlv(0x30, trusts(SERVER)).subarray(0, -3), 'damaged'],
];

/** What OpenSSL makes of a server below the root, with a bundle. */
async function verdictOfOpenssl(bundle: string): Promise<'trusted' | 'rejected' | 'damaged'> {
  const folder = await temporaryFolder();
  const [ca, server] = [path.join(folder, 'ca.pem'), path.join(folder, 'leaf.pem')];
  await writeFile(ca, bundle);
  await writeFile(server, leaf.pem);
  const verify = ['verify', '-no-CApath', '-no-CAstore', '-purpose', 'sslserver', '-CAfile', ca, server];
  const { exitCode, stderr } = await execa('openssl', verify, { reject: false });
  return exitCode === 0 ? 'trusted' : stderr.includes('Error loading') ? 'damaged' : 'rejected';
}

testWith('openssl').each(cases)('OpenSSL and we agree on trust settings: %s', async (_title, settings, expected) => {
  const bytes = Buffer.concat([root.der, settings]);
  expect(await verdictOfOpenssl(toPem(bytes, 'TRUSTED CERTIFICATE'))).toBe(expected);

  const trust = readTrustSettings(bytes);
  const known = trust === 'damaged' ? trust : trust && rejectsServers(trust) ? 'rejected' : 'trusted';
  expect(known).toBe(expected);
});

test('a file says what its certificate is trusted for, or that it is damaged', () => {
  const pem = (settings: Buffer) => Buffer.from(toPem(Buffer.concat([root.der, settings]), 'TRUSTED CERTIFICATE'));
  const [distrusted] = contentsOf(pem(tlv(0x30, rejects(SERVER))), 'ca.pem');
  expect(distrusted?.certificate?.subject).toBe('CN=Root');
  expect(distrusted?.trust).toEqual({ trusted: undefined, rejected: ['1.3.6.1.5.5.7.3.1'] });
  const [damaged] = contentsOf(pem(Buffer.from('x')), 'ca.pem');
  expect(damaged?.certificate).toBeUndefined();
  expect(damaged?.problem?.message).toContain('damaged trust settings');
});

testWith('openssl')('of two blocks with one certificate, OpenSSL takes the first, and so do we', async () => {
  const distrusted = toPem(Buffer.concat([root.der, tlv(0x30, rejects(SERVER))]), 'TRUSTED CERTIFICATE');
  expect(await verdictOfOpenssl(distrusted + root.pem)).toBe('rejected');
  expect(await verdictOfOpenssl(root.pem + distrusted)).toBe('trusted');
  const custom = readCustomCertificates(Buffer.from(root.pem), 'ca.pem', strict).certificates;
  const extend = (base: string, normalize = false) =>
    extendBundle(Buffer.from(base + leaf.pem), custom, 'the base', { mustNormalize: normalize });
  const kept = extend(distrusted);
  expect(kept.added).toHaveLength(1);
  expect(kept.warnings).toEqual([expect.stringMatching(/^CN=Root: the base marks it as distrusted.* --normalize/)]);
  expect(extend(distrusted + root.pem).added).toHaveLength(1);
  expect(extend(root.pem + distrusted).added).toEqual([]);
  const normalized = extend(distrusted, true);
  expect(normalized.warnings).toEqual(['the base: left out: block 1 (line 1) (CN=Root) is marked as distrusted']);
  expect(await verdictOfOpenssl(normalized.bytes.toString())).toBe('trusted');
  const nothingLeft = () => extendBundle(Buffer.from(distrusted), custom, 'the base', { mustNormalize: true });
  expect(nothingLeft).toThrow('the base contains no certificates that are not marked as distrusted');
});
