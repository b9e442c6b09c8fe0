import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect } from 'vitest';
import { clientsSeeing } from '../../../src/ca-bundle/clients/map.ts';
import { makeCertificate } from '../../services/certificate.ts';
import { baseOfArchive } from '../../services/distributions/base-of.ts';
import { mountOver } from '../../services/distributions/on-disk.ts';
import {
  addOwnStores,
  addPrograms,
  importIntoJava,
  REAL_CLIENTS,
  type RealClientId,
  trusts,
} from '../../services/distributions/real-clients.ts';
import { createHost, HOST_NEEDS } from '../../services/host.ts';
import { isInstalled, testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const authority = makeCertificate({ subject: { CN: 'Corp Root' }, isCa: true, keyUsage: 0x06 });
const leaf = makeCertificate({ subject: { CN: 'localhost' }, issuer: authority, isCa: false, names: ['localhost'] });
const key = leaf.keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
// To git, an empty answer is a repository without branches.
const server = createServer({ key, cert: leaf.pem }, (_, answer) => {
  answer.setHeader('content-type', 'application/x-git-upload-pack-advertisement');
  answer.end('001e# service=git-upload-pack\n00000000');
}).on('tlsClientError', () => {});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

/** What decides which files clients read, and so is in an image that is made of a tree. */
const PARTS = ['etc', 'lib', 'usr/lib', 'usr/share/ca-certificates', 'usr/bin', 'usr/local/bin'];
const KEPT =
  /^(?:.*\/(?:certifi\/core\.py|cacert\.pem|libjvm\.so|index_command\.py|bin\/node)$|etc\/ssl|etc\/pki|lib$|usr\/lib\/ssl|usr\/share\/ca-certificates|usr\/bin\/(?:curl|git|openssl|python3)|usr\/lib\/x86_64-linux-gnu\/lib(?:crypto|curl|gnutls))/;

async function archiveOf(tree: string): Promise<string> {
  const { stdout } = await execa('find', PARTS, { cwd: tree });
  const archive = path.join(await temporaryFolder(), 'image.tar');
  const input = stdout
    .split('\n')
    .filter((name) => KEPT.test(name))
    .join('\n');
  await execa('tar', ['--no-recursion', '-cf', archive, '-T', '-'], { cwd: tree, input });
  return archive;
}

/** Debian 12 is the system of this machine, whose git it gets. */
const SUITES = process.env['TEST_WHOLE'] ? (['bookworm', 'trixie', 'sid'] as const) : (['bookworm'] as const);
const CASES = SUITES.flatMap((suite) => [
  [suite, 'as it is', undefined] as const,
  [suite, 'without cert.pem, as in Debian 11', 'usr/lib/ssl/cert.pem'] as const,
]);

testWith(...HOST_NEEDS, 'git').each(CASES)(
  'real clients in a tree of Debian trust the CA exactly where the map says so: %s, %s',
  { timeout: 600_000 },
  async (suite, _name, missing) => {
    const { root } = await createHost({ suite });
    // Copies of hundreds of megabytes: once is enough.
    const hasOwnStores = suite === 'bookworm' && !missing && isInstalled('javac');
    if (missing) await rm(path.join(root, missing));
    if (suite === 'bookworm') {
      await mkdir(path.join(root, 'usr/lib/git-core'), { recursive: true });
      await addPrograms(root, ['/usr/bin/git', '/usr/lib/git-core/git-remote-https']);
      if (hasOwnStores) await addOwnStores(root);
    }
    const { image } = await baseOfArchive(await archiveOf(root));
    if (!image) throw new Error('no image');
    await writeFile(path.join(root, 'tmp/authority.pem'), authority.pem);
    const { port } = server.address() as AddressInfo;
    const bundle = await readFile(path.join(root, 'etc/ssl/certs/ca-certificates.crt'));
    const { mountPaths } = image.map;
    expect(mountPaths).toHaveLength(missing ? 2 : 1);
    for (const mounts of [[], mountPaths.slice(0, 1), mountPaths]) {
      for (const each of mounts) await mountOver(root, each, Buffer.concat([bundle, Buffer.from(authority.pem)]));
      const seen = clientsSeeing(image, mounts).filter(({ client }) => client in REAL_CLIENTS);
      const said = Object.fromEntries(seen.map(({ client, sees }) => [client, sees === 'yes']));
      const asked: Record<string, boolean> = {};
      for (const { client } of seen) asked[client] = await trusts(root, client as RealClientId, port);
      expect(asked).toEqual(said);
      expect(Object.keys(said)).toEqual(expect.arrayContaining(['openssl', 'curl', 'python']));
    }
    // What the program says of the others is a cure.
    const others = image.map.clients.filter(({ client, sees }) => client in REAL_CLIENTS && sees !== 'yes');
    const cured: Record<string, boolean> = {};
    for (const { client, variable } of others) {
      if (client === 'java') await importIntoJava(root, '/tmp/authority.pem');
      const variables = variable ? { [variable]: mountPaths[0] ?? '' } : {};
      cured[client] = await trusts(root, client as RealClientId, port, variables);
    }
    expect(cured).toEqual(hasOwnStores ? { node: true, java: true } : {});
  },
);
