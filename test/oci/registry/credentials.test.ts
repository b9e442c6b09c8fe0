import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type OpenOptions, openImage, parseLocation, parsePlatform } from '../../../src/oci/index.ts';
import { createAuthority } from '../../services/authority.ts';
import { startHttpServer } from '../../services/http-server.ts';
import { buildImage, file, pushImage } from '../../services/image.ts';
import { testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const { signal } = new AbortController();
const platform = parsePlatform('linux/amd64');
const CREDENTIALS = { username: 'me', password: 'a secret' };
const auth = Buffer.from('me:a secret').toString('base64');
const image = buildImage({ platform, layers: [[file('etc/ssl/cert.pem', 'found')]] });

async function read(reference: string, options: Partial<OpenOptions>): Promise<string> {
  const opened = await openImage(await parseLocation(reference, 'registry'), { platform, signal, ...options });
  onTestFinished(() => opened.close());
  return (await opened.readFirstFile(['/etc/ssl/cert.pem'], { signal })).bytes.toString();
}

/** Writes files, by their paths, below a new home folder. */
async function home(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, typeof content === 'string' ? content : JSON.stringify(content));
    if (name.startsWith('bin/')) await chmod(target, 0o755);
  }
  return folder;
}

/** A credential helper as they all are: a program that is told a server and answers in JSON. */
const helper = (server: string, answer: unknown) =>
  `#!/bin/sh
[ "$1" = get ] || exit 2
read -r server
if [ "$server" = '${server}' ]; then echo '${JSON.stringify(answer)}'; else echo 'credentials not found'; exit 1; fi
`;

async function startPrivate(): Promise<string> {
  const registry = await startRegistry({ credentials: CREDENTIALS });
  await pushImage(registry.url, 'team/runner', 'latest', image, { credentials: CREDENTIALS });
  return registry.host;
}

testWith('docker-registry', 'htpasswd')(
  'credentials in all the places they are kept',
  { timeout: 120_000 },
  async () => {
    const host = await startPrivate();
    const answer = { ServerURL: host, Username: 'me', Secret: 'a secret' };
    const tool = { 'bin/docker-credential-own': helper(host, answer) };
    const own = { ...tool, '.docker/config.json': { credsStore: 'own', auths: { [host]: {} } } };
    const places: Readonly<Record<string, [Record<string, unknown>, (folder: string) => NodeJS.ProcessEnv]>> = {
      'a helper for the registry': [
        { ...tool, '.docker/config.json': { credHelpers: { [host]: 'own' }, credsStore: 'missing' } },
        () => ({}),
      ],
      'a helper for all': [own, () => ({})],
      'the file, before the helper for all': [
        { '.docker/config.json': { credsStore: 'missing', auths: { [host]: { auth } } } },
        () => ({}),
      ],
      DOCKER_CONFIG: [
        { 'x/config.json': { auths: { [host]: { auth } } } },
        (folder) => ({ DOCKER_CONFIG: `${folder}/x` }),
      ],
      DOCKER_AUTH_CONFIG: [{}, () => ({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: { auth } } }) })],
      "podman's file, by repository": [
        {
          '.config/containers/auth.json': {
            auths: { [host]: { auth: 'eDp5' }, [`${host}/team`]: { auth: 'eDp5' }, [`${host}/team/runner`]: { auth } },
          },
        },
        () => ({}),
      ],
      REGISTRY_AUTH_FILE: [
        { 'a.json': { auths: { [host]: { auth } } } },
        (folder) => ({ REGISTRY_AUTH_FILE: `${folder}/a.json` }),
      ],
      'the runtime folder': [
        { 'run/containers/auth.json': { auths: { [host]: { auth } } } },
        (folder) => ({ XDG_RUNTIME_DIR: `${folder}/run` }),
      ],
    };
    for (const [name, [files, variables]] of Object.entries(places)) {
      const folder = await home(files);
      const environment = { HOME: folder, PATH: `${folder}/bin:${process.env['PATH']}`, ...variables(folder) };
      expect(await read(`${host}/team/runner`, { environment }), name).toBe('found');
    }
  },
);

testWith('docker-registry')(
  'a helper that is missing, fails or has nothing: public images are read all the same',
  async () => {
    const registry = await startRegistry();
    await pushImage(registry.url, 'runner', 'latest', image);
    for (const [files, word] of [
      [{ '.docker/config.json': { credsStore: 'nowhere-to-be-found' } }, /is not installed/],
      [{ '.docker/config.json': { credsStore: '../../bin/sh' } }, /is not the name of a credential helper/],
      [{ '.docker/config.json': { credsStore: 'own' }, 'bin/docker-credential-own': helper('other', {}) }, undefined],
      [
        { '.docker/config.json': { credsStore: 'own' }, 'bin/docker-credential-own': '#!/bin/sh\necho hunter2\n' },
        /no usable credentials/,
      ],
    ] as const) {
      const folder = await home(files);
      const words: string[] = [];
      const environment = { HOME: folder, PATH: `${folder}/bin:${process.env['PATH']}` };
      expect(await read(`${registry.host}/runner`, { environment, report: (each) => words.push(each) })).toBe('found');
      if (word) expect(words.join('\n')).toMatch(word);
      expect(words.join('\n')).not.toContain('hunter2');
    }
  },
);

testWith('docker-registry')('mirrors: the first that has it; one that is down or empty is passed over', async () => {
  const [registry, mirror, empty] = [await startRegistry(), await startRegistry(), await startRegistry()];
  const other = buildImage({ platform, layers: [[file('etc/ssl/cert.pem', 'from the mirror')]] });
  await pushImage(registry.url, 'runner', 'latest', image);
  await pushImage(mirror.url, 'runner', 'latest', other);
  const environment = { HOME: await temporaryFolder() };
  const from = (...mirrors: string[]) => read(`${registry.host}/runner`, { environment, mirrors });
  expect(await from(mirror.host)).toBe('from the mirror');
  expect(await from(empty.host, mirror.host)).toBe('from the mirror');
  expect(await from(empty.host)).toBe('found');
  expect(await from('127.0.0.1:1')).toBe('found');
});

test('mirrors are not told the credentials for the registry', async () => {
  const mirror = await startHttpServer((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end();
  });
  const environment = { HOME: await temporaryFolder() };
  const reading = read('127.0.0.1:1/runner', { environment, mirrors: [mirror.host], credentials: CREDENTIALS });
  await expect(reading).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  expect(mirror.requests.length).toBeGreaterThan(0);
  expect(mirror.requests.filter(({ headers }) => headers.authorization)).toEqual([]);
});

testWith('docker-registry', 'openssl')('a registry that asks for a client certificate', async () => {
  const folder = await temporaryFolder();
  const { authority, ...pem } = await createAuthority();
  const [certificate, key, clients] = ['tls.crt', 'tls.key', 'clients.crt'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(certificate, pem.certificate);
  await writeFile(key, pem.key);
  await writeFile(clients, authority);
  const tls = { certificate, key, certificateAuthority: authority, clientAuthorities: clients, clientCertificate: pem };
  const registry = await startRegistry({ tls });
  await pushImage(registry.url, 'runner', 'latest', image, { certificateAuthority: authority, clientCertificate: pem });
  const environment = { HOME: folder };
  const options = { environment, certificateAuthority: authority };
  expect(await read(`${registry.host}/runner`, { ...options, clientCertificate: pem })).toBe('found');
  await expect(read(`${registry.host}/runner`, options)).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringMatching(/ it requires a client certificate/),
  });
});
