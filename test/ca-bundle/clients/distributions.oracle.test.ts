import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect } from 'vitest';
import { clientsSeeing } from '../../../src/ca-bundle/clients/map.ts';
import { parseEnvironment } from '../../../src/oci/configuration.ts';
import { makeCertificate } from '../../services/certificate.ts';
import { baseOf } from '../../services/distributions/base-of.ts';
import { makeTree, mountOver } from '../../services/distributions/on-disk.ts';
import {
  collectReaders,
  isTrustedByGo,
  isTrustedByOpenssl,
  type RealReaders,
} from '../../services/distributions/real-readers.ts';
import { BUNDLE_CONTENT, DISTRIBUTIONS, type Distribution } from '../../services/distributions/trees.ts';
import { ROOT, testWith } from '../../services/programs.ts';
import { sliceOf } from '../../services/slice.ts';

const authority = makeCertificate({ subject: { CN: 'Corp Root' }, isCa: true, keyUsage: 0x06 });
const other = makeCertificate({ subject: { CN: 'Another Root' }, isCa: true, keyUsage: 0x06 });
const leaf = makeCertificate({ subject: { CN: 'localhost' }, issuer: authority, isCa: false, names: ['localhost'] });
const server = createServer({
  key: leaf.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
  cert: leaf.pem,
}).on('tlsClientError', () => {});
let folder = '';
let readers: Promise<RealReaders> | undefined;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  folder = await mkdtemp(path.join(tmpdir(), 'spacectl-test-trees-'));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** What Go and OpenSSL say of the server in a tree with the bundle mounted over some paths. */
async function ask({ entries, environment = [], opensslFile }: Distribution, mounts: readonly string[]) {
  const tree = await mkdtemp(path.join(folder, 'tree-'));
  const filled = entries.map((each) => (each.content === BUNDLE_CONTENT ? { ...each, content: other.pem } : each));
  await makeTree(tree, filled);
  for (const each of mounts) await mountOver(tree, each, other.pem + authority.pem);
  readers ??= mkdtemp(path.join(folder, 'readers-')).then(collectReaders);
  await (await readers).addTo(tree);
  const { port } = server.address() as AddressInfo;
  const [target, variables] = [{ port, name: 'localhost' }, parseEnvironment(environment)];
  return {
    go: await isTrustedByGo(tree, target, variables),
    ...(opensslFile !== undefined && { openssl: await isTrustedByOpenssl(tree, target, opensslFile, variables) }),
  };
}

testWith(ROOT, 'openssl', 'go').each(sliceOf(DISTRIBUTIONS, 4).map((each) => [each.name, each] as const))(
  'Go and OpenSSL trust the CA in a tree exactly where the map says so: %s',
  async (_name, distribution) => {
    const { image, provenance } = await baseOf(distribution);
    if (!image) throw new Error('no image');
    const { mountPaths } = image.map;
    for (const mounts of [[], ...(mountPaths.length > 1 ? [[provenance.mountPath]] : []), mountPaths]) {
      const clients = clientsSeeing(image, mounts);
      const sees = (id: string) => clients.find(({ client }) => client === id)?.sees === 'yes';
      const { opensslFile } = distribution;
      const said = { go: sees('go'), ...(opensslFile !== undefined && { openssl: sees('openssl') }) };
      expect({ mounts, ...(await ask(distribution, mounts)) }).toEqual({ mounts, ...said });
    }
  },
);
