import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { type OpenOptions, openImage, parseLocation, parsePlatform } from '../../../src/oci/index.ts';
import { createAuthority } from '../../services/authority.ts';
import { startHttpServer } from '../../services/http-server.ts';
import { buildImage, file, pushImage } from '../../services/image.ts';
import { authOf, environmentOf, helperWith, homeWith } from '../../services/login-files.ts';
import { testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const { signal } = new AbortController();
const platform = parsePlatform('linux/amd64');
const CREDENTIALS = { username: 'me', password: 'a secret' };
const auth = authOf('me', 'a secret');
const image = buildImage({ platform, layers: [[file('etc/ssl/cert.pem', 'found')]] });

async function read(reference: string, options: Partial<OpenOptions>): Promise<string> {
  const opened = await openImage(await parseLocation(reference, 'registry'), { platform, signal, ...options });
  onTestFinished(() => opened.close());
  return (await opened.readFirstFile(['/etc/ssl/cert.pem'], { signal })).bytes.toString();
}

async function startPrivate(): Promise<string> {
  const registry = await startRegistry({ credentials: CREDENTIALS });
  await pushImage(registry.url, 'team/runner', 'latest', image, { credentials: CREDENTIALS });
  return registry.host;
}

testWith('docker-registry', 'htpasswd', 'skopeo')(
  'logins that skopeo finds are found, whatever their keys look like',
  { timeout: 120_000 },
  async () => {
    const host = await startPrivate();
    const wrong = { auth: authOf('x', 'y') };
    const files: Readonly<Record<string, unknown>> = {
      host: { auths: { [host]: { auth } } },
      'host and namespace': { auths: { [host]: wrong, [`${host}/team`]: { auth } } },
      'host and repository': {
        auths: {
          [host]: wrong,
          [`${host}/team`]: wrong,
          [`${host}/team/runner`]: { auth },
          [`${host}/team/run`]: wrong,
        },
      },
      URL: { auths: { [`http://${host}`]: { auth } } },
      'URL with a path': { auths: { [`https://${host}/v1/`]: { auth } } },
      'URL with any path': { auths: { [`https://${host}/some/path`]: { auth } } },
      'zero bytes after the password': { auths: { [host]: { auth: authOf('me', 'a secret\0\0') } } },
      'helper for the registry': { auths: { [host]: wrong }, credHelpers: { [host]: 'own', 'r.example': 'other' } },
    };
    for (const [name, content] of Object.entries(files)) {
      const folder = await homeWith({
        'auth.json': content,
        'bin/docker-credential-own': helperWith({ [host]: { ServerURL: host, Username: 'me', Secret: 'a secret' } }),
      });
      const environment = { ...environmentOf(folder), REGISTRY_AUTH_FILE: path.join(folder, 'auth.json') };
      const inspecting = execa('skopeo', ['inspect', '--tls-verify=false', `docker://${host}/team/runner`], {
        env: environment,
      });
      expect(JSON.parse((await inspecting).stdout), name).toMatchObject({ Architecture: 'amd64' });
      expect(await read(`${host}/team/runner`, { environment }), name).toBe('found');
    }
  },
);

testWith('docker-registry')(
  'public images are read also if a credential helper is missing, fails or has no login',
  async () => {
    const registry = await startRegistry();
    await pushImage(registry.url, 'runner', 'latest', image);
    for (const [files, word] of [
      [{ '.docker/config.json': { credsStore: 'nowhere-to-be-found' } }, /is not installed/],
      [{ '.docker/config.json': { credsStore: '../../bin/sh' } }, /is not the name of a credential helper/],
      [
        { '.docker/config.json': { credsStore: 'own' }, 'bin/docker-credential-own': helperWith({ other: {} }) },
        undefined,
      ],
      [
        { '.docker/config.json': { credsStore: 'own' }, 'bin/docker-credential-own': '#!/bin/sh\necho hunter2\n' },
        /no usable credentials/,
      ],
    ] as const) {
      const folder = await homeWith(files);
      const words: string[] = [];
      const environment = environmentOf(folder);
      expect(await read(`${registry.host}/runner`, { environment, report: (each) => words.push(each) })).toBe('found');
      if (word) expect(words.join('\n')).toMatch(word);
      expect(words.join('\n')).not.toContain('hunter2');
    }
  },
);

testWith('docker-registry')(
  'the first mirror that has the image is used, and one that is down or empty is passed over',
  async () => {
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
  },
);

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

testWith('docker-registry', 'openssl')('a registry that asks for a client certificate is read with one', async () => {
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
