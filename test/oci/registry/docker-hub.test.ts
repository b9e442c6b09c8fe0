import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, onTestFinished, vi } from 'vitest';
import {
  type ImageOptions,
  openRegistryImage,
  parsePlatform,
  parseReference,
  readFirstFile,
} from '../../../src/oci/index.ts';
import { createAuthority } from '../../services/authority.ts';
import { buildImage, file, pushImage } from '../../services/image.ts';
import { authOf, environmentOf, helperWith, homeWith } from '../../services/login-files.ts';
import { testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { startTokenIssuer } from '../../services/token-issuer.ts';
import { startTunnel } from '../../services/tunnel.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const LOGIN = { username: 'alice', password: 'a personal access token' };
const platform = parsePlatform('linux/amd64');
const { signal } = new AbortController();

afterEach(() => vi.unstubAllEnvs());

/**
 * Docker Hub as it is laid out: the registry and the token server are two hosts, both on https (distribution, "Token
 * Authentication Implementation"). It is reached by its own names, through a proxy's tunnels.
 */
async function startDockerHub() {
  const { authority, ...pem } = await createAuthority(['registry-1.docker.io', 'auth.docker.io']);
  const folder = await temporaryFolder();
  const [certificate, key, data] = ['tls.crt', 'tls.key', 'data'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(certificate, pem.certificate);
  await writeFile(key, pem.key);
  const image = buildImage({ platform, layers: [[file(BUNDLE.slice(1), 'the bundle')]] });
  const open = await startRegistry({ data });
  for (const name of ['team/runner', 'library/runner']) await pushImage(open.url, name, 'latest', image);
  const issuer = await startTokenIssuer({ authority, ...pem }, LOGIN, { isTls: true });
  const registry = await startRegistry({
    data,
    tls: { certificate, key, certificateAuthority: authority },
    tokens: { realm: 'https://auth.docker.io/token', trusted: authority },
  });
  const { proxy, tunnels } = await startTunnel({
    'registry-1.docker.io:443': registry.host,
    'auth.docker.io:443': issuer.host,
  });
  vi.stubEnv('HTTPS_PROXY', proxy);
  vi.stubEnv('NO_PROXY', '');
  return { authority, issuer, tunnels };
}

async function read(reference: string, options: Partial<ImageOptions>): Promise<string> {
  const image = await openRegistryImage(parseReference(reference), { platform, signal, ...options });
  onTestFinished(() => image.close());
  return (await readFirstFile(image, [BUNDLE], { signal })).bytes.toString();
}

testWith('docker-registry', 'openssl')(
  'an image on Docker Hub is read with each kind of login, and not without',
  async () => {
    const { authority: certificateAuthority, issuer, tunnels } = await startDockerHub();
    const hub = 'https://index.docker.io/v1/';
    const auth = authOf(LOGIN.username, LOGIN.password);
    const answer = { ServerURL: hub, Username: LOGIN.username, Secret: LOGIN.password };
    const helper = { 'bin/docker-credential-desktop': helperWith({ [hub]: answer }) };
    const logins: readonly Readonly<Record<string, unknown>>[] = [
      { '.docker/config.json': { auths: { [hub]: { auth } } } },
      { '.docker/config.json': { auths: { [hub]: {} }, credsStore: 'desktop' }, ...helper },
      { '.config/containers/auth.json': { auths: { 'docker.io': { auth } } } },
    ];
    for (const files of logins) {
      const environment = environmentOf(await homeWith(files));
      for (const name of ['team/runner', 'docker.io/team/runner', 'runner', 'index.docker.io/library/runner']) {
        expect(await read(name, { environment, certificateAuthority }), `${name} ${Object.keys(files)}`).toBe(
          'the bundle',
        );
      }
    }
    expect(new Set(tunnels)).toEqual(new Set(['registry-1.docker.io:443', 'auth.docker.io:443']));
    expect(issuer.requests[0]?.path).toMatch(
      /^\/token\?service=test-registry&scope=repository%3Ateam%2Frunner%3Apull$/,
    );
    const none = { environment: environmentOf(await homeWith({})), certificateAuthority };
    await expect(read('team/runner', none)).rejects.toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
    expect(await read('team/runner', { ...none, credentials: LOGIN })).toBe('the bundle');
  },
);
