import { expect, test } from 'vitest';
import { storedCredentials } from '../../../src/oci/registry/credentials.ts';
import { authOf, environmentOf, helperWith, homeWith, readAsked } from '../../services/login-files.ts';

const { signal } = new AbortController();
const auth = authOf('me', 'a secret');
const OTHER = { auth: authOf('other', 'not for this') };
const LOGIN = { username: 'me', password: 'a secret' };
const HUB = 'https://index.docker.io/v1/';
const CONFIG = '.docker/config.json';
const PODMAN = '.config/containers/auth.json';

/** What is found for a repository, with these files in the home directory, and which helpers were run for it. */
async function find(registry: string, repository: string, files: Readonly<Record<string, unknown>>) {
  const home = await homeWith(files);
  const options = { environment: environmentOf(home), signal, report: () => {} };
  const { value: found } = await storedCredentials(registry, repository, options).next();
  return { found, asked: await readAsked(home) };
}

const inConfig = (value: unknown) => ({ [CONFIG]: value });
/** A helper with a login of its own for each of these servers. */
const helper = (name: string, ...servers: string[]) => ({
  [`bin/docker-credential-${name}`]: helperWith(
    Object.fromEntries(servers.map((server) => [server, { ServerURL: server, Username: 'me', Secret: `of ${name}` }])),
  ),
});
const own = { username: 'me', password: 'of own' };

// docker/cli, cli/config/configfile/file.go and cli/config/credentials; containers/image, pkg/docker/config/config.go.
test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
  ['docker login', inConfig({ auths: { [HUB]: { auth } } }), LOGIN],
  ['docker login, without the last slash', inConfig({ auths: { 'https://index.docker.io/v1': { auth } } }), LOGIN],
  ['without a scheme', inConfig({ auths: { 'index.docker.io/v1/': { auth } } }), LOGIN],
  ['its index', inConfig({ auths: { 'index.docker.io': { auth } } }), LOGIN],
  ['its registry', inConfig({ auths: { 'registry-1.docker.io': { auth } } }), LOGIN],
  ['its registry as a URL', inConfig({ auths: { 'https://registry-1.docker.io/v2/': { auth } } }), LOGIN],
  ['its name', inConfig({ auths: { 'docker.io': { auth } } }), LOGIN],
  ['its name as a URL', inConfig({ auths: { 'https://docker.io': { auth } } }), LOGIN],
  ['name and password apart', inConfig({ auths: { [HUB]: LOGIN } }), LOGIN],
  ['an identity token', inConfig({ auths: { [HUB]: { auth, identitytoken: 'it' } } }), { identityToken: 'it' }],
  [
    'an identity token as the password of <token>',
    inConfig({ auths: { [HUB]: { auth: authOf('<token>', 'it') } } }),
    { identityToken: 'it' },
  ],
  ['podman login', { [PODMAN]: { auths: { 'docker.io': { auth } } } }, LOGIN],
  ['podman login for a namespace', { [PODMAN]: { auths: { 'docker.io': OTHER, 'docker.io/team': { auth } } } }, LOGIN],
  [
    'docker login in the browser, with its tokens beside it',
    inConfig({ auths: { [`${HUB}refresh-token`]: OTHER, [`${HUB}access-token`]: OTHER, [HUB]: { auth } } }),
    LOGIN,
  ],
  ['another registry', inConfig({ auths: { 'ghcr.io': OTHER, 'https://docker.io.example/v1/': OTHER } }), undefined],
  ['an empty entry', inConfig({ auths: { [HUB]: {} } }), undefined],
  ['an empty login', inConfig({ auths: { [HUB]: { auth: '' } } }), undefined],
  ['no logins', inConfig({}), undefined],
  ['a helper for all registries', { ...helper('own', HUB), ...inConfig({ credsStore: 'own' }) }, own],
  [
    'a helper for all registries, with the empty entry that it leaves in the file',
    { ...helper('own', HUB), ...inConfig({ credsStore: 'own', auths: { [HUB]: {} } }) },
    own,
  ],
  ['a helper for Docker Hub', { ...helper('own', HUB), ...inConfig({ credHelpers: { [HUB]: 'own' } }) }, own],
  [
    "Podman's helper for Docker Hub",
    { ...helper('own', 'docker.io'), [PODMAN]: { credHelpers: { 'docker.io': 'own' } } },
    own,
  ],
])('Docker Hub: %s', async (_, files, expected) => {
  expect((await find('docker.io', 'team/runner', files)).found).toEqual(expected);
});

test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
  ['host', { 'r.example:5000': { auth } }, LOGIN],
  ['host and path of the API', { 'r.example:5000/v2/': { auth } }, LOGIN],
  ['host with a slash', { 'r.example:5000/': { auth } }, LOGIN],
  ['URL', { 'https://r.example:5000': { auth } }, LOGIN],
  ['URL of plain HTTP', { 'http://r.example:5000/v1/': { auth } }, LOGIN],
  ['URL with another path', { 'https://r.example:5000/api/docker': { auth } }, LOGIN],
  ['host before its URL', { 'https://r.example:5000/v2/': OTHER, 'r.example:5000': { auth } }, LOGIN],
  ['repository', { 'r.example:5000': OTHER, 'r.example:5000/team': OTHER, 'r.example:5000/team/v1': { auth } }, LOGIN],
  ['namespace', { 'r.example:5000': OTHER, 'r.example:5000/team': { auth } }, LOGIN],
  ['another port', { 'r.example': OTHER, 'r.example:5001': OTHER }, undefined],
  ['another repository', { 'r.example:5000/team/v2': OTHER, 'r.example:5000/tea': OTHER }, undefined],
  ['a host that begins or ends like it', { 'r.example:50000': OTHER, 'other.example:5000': OTHER }, undefined],
  ['a user name alone', { 'r.example:5000': { username: 'me' } }, undefined],
  ['a password alone', { 'r.example:5000': { password: 'a secret' } }, undefined],
  ['a password with colons', { 'r.example:5000': { auth: authOf('me', 'a:b:') } }, { ...LOGIN, password: 'a:b:' }],
  ['a URL within another name', { 'other.example/https://r.example:5000': OTHER }, undefined],
  ['an empty name', { 'r.example:5000': { auth: authOf('', 'x') } }, { username: '', password: 'x' }],
  [
    'a zero byte within the password',
    { 'r.example:5000': { auth: authOf('me', 'a\0b') } },
    { ...LOGIN, password: 'a\0b' },
  ],
  ['zero bytes after the password', { 'r.example:5000': { auth: authOf('me', 'a secret\0\0') } }, LOGIN],
  ['malformed entries', { 'r.example:5000': 7, x: null, 'https://r.example:5000': { auth, email: 'x' } }, LOGIN],
])('a login is looked up by host: %s', async (_, auths, expected) => {
  expect((await find('r.example:5000', 'team/v1', inConfig({ auths }))).found).toEqual(expected);
});

test('of two helpers, only the one for this registry is run', async () => {
  const files = {
    ...helper('other', 'r.example', 'other.example'),
    ...helper('own', 'r.example'),
    ...helper('rest', 'r.example'),
    ...inConfig({ credHelpers: { 'other.example': 'other', 'r.example': 'own' }, credsStore: 'rest' }),
  };
  expect(await find('r.example', 'x', files)).toEqual({ found: own, asked: ['docker-credential-own r.example'] });
  const rest = await find('third.example', 'x', files);
  expect(rest).toEqual({ found: undefined, asked: ['docker-credential-rest third.example'] });
});

test('a helper for a registry is asked before the file, and the file before the helper for all', async () => {
  const auths = { 'r.example': { auth } };
  const helpers = { ...helper('own', 'r.example'), ...helper('rest', 'r.example') };
  const first = await find('r.example', 'x', {
    ...helpers,
    ...inConfig({ auths, credHelpers: { 'r.example': 'own' } }),
  });
  expect(first.found).toEqual(own);
  const second = await find('r.example', 'x', { ...helpers, ...inConfig({ auths, credsStore: 'rest' }) });
  expect(second).toEqual({ found: LOGIN, asked: [] });
});

test('a registry with an empty helper is exempt from the helper for all', async () => {
  const files = {
    ...helper('rest', 'r.example'),
    ...inConfig({ credsStore: 'rest', credHelpers: { 'r.example': '' } }),
  };
  expect(await find('r.example', 'x', files)).toEqual({ found: undefined, asked: [] });
});

test('a helper that has no login for the registry leaves it to the next file', async () => {
  const files = {
    ...helper('own'),
    ...inConfig({ credHelpers: { 'r.example': 'own' } }),
    [PODMAN]: { auths: { 'r.example': { auth } } },
  };
  expect((await find('r.example', 'x', files)).found).toEqual(LOGIN);
});

test('all logins are tried: the more specific first, then those of other files, each once', async () => {
  const home = await homeWith({
    ...helper('own', 'r.example'),
    ...inConfig({
      auths: {
        'r.example': { auth: authOf('host', '1') },
        'r.example/team': { auth: authOf('team', '2'), identitytoken: 'it' },
        'https://r.example/v2/': { auth: authOf('host', '1') },
        'other.example': OTHER,
      },
      credsStore: 'own',
    }),
    [PODMAN]: {
      auths: { 'r.example': { auth: authOf('podman', '3') }, 'r.example/team': { auth: authOf('team', '2') } },
    },
  });
  const found: unknown[] = [];
  const options = { environment: environmentOf(home), signal, report: () => {}, root: home };
  for await (const each of storedCredentials('r.example', 'team/runner', options)) found.push(each);
  expect(found).toEqual([
    { identityToken: 'it' },
    { username: 'team', password: '2' },
    { username: 'host', password: '1' },
    own,
    { username: 'podman', password: '3' },
  ]);
  expect(await readAsked(home)).toEqual(['docker-credential-own r.example']);
});

test('a helper runs only when the logins before it were rejected', async () => {
  const home = await homeWith({
    ...helper('own', 'r.example'),
    ...inConfig({ auths: { 'r.example': { auth } }, credsStore: 'own' }),
  });
  const all = storedCredentials('r.example', 'x', {
    environment: environmentOf(home),
    signal,
    report: () => {},
    root: home,
  });
  expect([(await all.next()).value, await readAsked(home)]).toEqual([LOGIN, []]);
  expect([(await all.next()).value, await readAsked(home)]).toEqual([own, ['docker-credential-own r.example']]);
});
