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
  createClientTree,
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

/** Makes a tree of Debian 12, the system of this machine, whose git, pip and Java it gets. */
async function createBookworm(missing: string | undefined): Promise<string> {
  const { root } = await createHost();
  if (missing) await rm(path.join(root, missing));
  await mkdir(path.join(root, 'usr/lib/git-core'), { recursive: true });
  await addPrograms(root, ['/usr/bin/git', '/usr/lib/git-core/git-remote-https']);
  // Copies of hundreds of megabytes: once is enough.
  if (!missing && isInstalled('javac')) await addOwnStores(root);
  return root;
}

/** What a tree is, how it is made, what it has, and over how many paths the bundle is mounted. */
type Case = readonly [string, () => Promise<string>, { readonly has: readonly string[]; readonly mounts: number }];
const SYSTEM = ['openssl', 'curl', 'git', 'python'];
const OWN = isInstalled('javac') ? ['pip', 'node', 'java'] : [];
const BOOKWORM: readonly Case[] = [
  ['Debian 12', () => createBookworm(undefined), { has: [...SYSTEM, ...OWN], mounts: 1 }],
  ['Debian 12 without cert.pem', () => createBookworm('usr/lib/ssl/cert.pem'), { has: SYSTEM, mounts: 2 }],
];
const ALL = [...SYSTEM, 'requests', 'node', 'java'];
const OTHERS: readonly Case[] = [
  // Its OpenSSL was built to read a file that no package has, and its pip has no certifi inside.
  ['Debian 11', () => createClientTree('bullseye'), { has: ALL, mounts: 2 }],
  ['Debian 13', () => createClientTree('trixie'), { has: [...ALL, 'pip'], mounts: 1 }],
  ['sid', () => createClientTree('sid'), { has: [...ALL, 'pip'], mounts: 1 }],
];

testWith(...HOST_NEEDS, 'git').each(process.env['TEST_WHOLE'] ? [...BOOKWORM, ...OTHERS] : BOOKWORM)(
  'real clients in a tree of Debian trust the CA exactly where the map says so: %s',
  { timeout: 900_000 },
  async (_name, createTree, { has, mounts: count }) => {
    const root = await createTree();
    const { image } = await baseOfArchive(await archiveOf(root));
    if (!image) throw new Error('no image');
    await writeFile(path.join(root, 'tmp/authority.pem'), authority.pem);
    const { port } = server.address() as AddressInfo;
    const bundle = await readFile(path.join(root, 'etc/ssl/certs/ca-certificates.crt'));
    const { mountPaths } = image.map;
    expect(mountPaths).toHaveLength(count);
    for (const mounts of [[], mountPaths.slice(0, 1), mountPaths]) {
      for (const each of mounts) await mountOver(root, each, Buffer.concat([bundle, Buffer.from(authority.pem)]));
      const seen = clientsSeeing(image, mounts).filter(({ client }) => client in REAL_CLIENTS);
      const said = Object.fromEntries(seen.map(({ client, sees }) => [client, sees === 'yes']));
      const asked: Record<string, boolean> = {};
      for (const { client } of seen) asked[client] = await trusts(root, client as RealClientId, port);
      expect(asked).toEqual(said);
      expect(Object.keys(said)).toEqual(expect.arrayContaining([...has]));
    }
    // What the program says of the others is a cure.
    const others = image.map.clients.filter(({ client, sees }) => client in REAL_CLIENTS && sees !== 'yes');
    const cured: Record<string, boolean> = {};
    for (const { client, variable } of others) {
      if (client === 'java') await importIntoJava(root, '/tmp/authority.pem');
      const variables = variable ? { [variable]: mountPaths[0] ?? '' } : {};
      cured[client] = await trusts(root, client as RealClientId, port, variables);
    }
    expect(cured).toEqual(has.includes('java') ? { node: true, java: true } : {});
  },
);
