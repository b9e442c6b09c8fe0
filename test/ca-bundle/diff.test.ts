import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { difference } from '../../src/ca-bundle/diff.ts';
import { tlv, toPem } from '../services/certificate.ts';
import { first, root, second } from '../services/given-certificates.ts';
import { temporaryFolder } from '../services/temporary.ts';

const SERVER_AUTH = tlv(0x06, Buffer.from('2b06010505070301', 'hex'));
const CLIENT_AUTH = tlv(0x06, Buffer.from('2b06010505070302', 'hex'));
const withSettings = (...settings: Buffer[]) =>
  toPem(Buffer.concat([root.der, tlv(0x30, ...settings)]), 'TRUSTED CERTIFICATE');
const distrusted = withSettings(tlv(0xa0, SERVER_AUTH));
const forClients = withSettings(tlv(0x30, CLIENT_AUTH));
const forServers = withSettings(tlv(0x30, SERVER_AUTH));

async function changesBetween(a: string, b: string) {
  const folder = await temporaryFolder();
  const files = { a: path.join(folder, 'a.pem'), b: path.join(folder, 'b.pem') };
  await Promise.all([writeFile(files.a, second + a), writeFile(files.b, second + b)]);
  const request = { ...files, 'exit-code': false } as Parameters<typeof difference.run>[0];
  const { differences, same } = await difference.run(request, new AbortController().signal);
  return { changes: differences.map(({ change, subject }) => `${change} ${subject}`), same };
}

test.each<[string, string, string, string | undefined]>([
  ['trusted, then rejected', first, distrusted, 'distrusted'],
  ['trusted, then trusted for clients only', first, forClients, 'distrusted'],
  ['trusted, then with settings that trust it', first, forServers, undefined],
  ['rejected, then trusted', distrusted, first, 'trusted'],
  ['rejected in both', distrusted, forClients, undefined],
  ['absent, then rejected', '', distrusted, 'distrusted'],
  ['absent, then trusted', '', first, 'added'],
  ['rejected, then absent', distrusted, '', 'removed'],
  ['first trusted and then rejected in one bundle', first, first + distrusted, undefined],
  ['first rejected and then trusted in one bundle', first, distrusted + first, 'distrusted'],
])('diff knows distrust: %s', async (_, a, b, change) => {
  const { changes, same } = await changesBetween(a, b);
  expect(changes).toEqual(change ? [`${change} CN=Root`] : []);
  expect(same).toBe(change ? 1 : 2);
});
