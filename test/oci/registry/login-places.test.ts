import path from 'node:path';
import { expect, test } from 'vitest';
import { storedCredentials } from '../../../src/oci/registry/credentials.ts';
import { authOf, environmentOf, homeWith } from '../../services/login-files.ts';

const { signal } = new AbortController();
const CONFIG = '.docker/config.json';
const auths = (password: string) => ({ auths: { 'r.example': { auth: authOf('me', password) } } });

/** Finds the password for `r.example/x`. `~` in the variables is the home directory. */
async function findPassword(
  files: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, string>> = {},
) {
  const home = await homeWith(files);
  const own = Object.entries(variables).map(([name, value]) => [name, value.replace('~', home)]);
  const environment = { ...environmentOf(home), ...Object.fromEntries(own) };
  const root = path.join(home, 'root');
  const options = { environment, signal, report: () => {}, root };
  const { value: found } = await storedCredentials('r.example', 'x', options).next();
  return found && 'password' in found ? found.password : found;
}

const everywhere = {
  [CONFIG]: auths('docker'),
  'd/config.json': auths('DOCKER_CONFIG'),
  'a.json': auths('REGISTRY_AUTH_FILE'),
  'run/containers/auth.json': auths('XDG_RUNTIME_DIR'),
  'xdg/containers/auth.json': auths('XDG_CONFIG_HOME'),
  '.config/containers/auth.json': auths('podman'),
};
const variables = {
  DOCKER_AUTH_CONFIG: JSON.stringify(auths('DOCKER_AUTH_CONFIG')),
  DOCKER_CONFIG: '~/d',
  REGISTRY_AUTH_FILE: '~/a.json',
  XDG_RUNTIME_DIR: '~/run',
  XDG_CONFIG_HOME: '~/xdg',
};
type Variable = keyof typeof variables;

// docker/cli, docs/reference/commandline/docker.md; containers-auth.json(5).
test.each<[string, readonly string[], readonly Variable[]]>([
  ['docker', [CONFIG], []],
  ['podman', ['.config/containers/auth.json'], []],
  ['DOCKER_AUTH_CONFIG', [], ['DOCKER_AUTH_CONFIG']],
  ['DOCKER_CONFIG', ['d/config.json'], ['DOCKER_CONFIG']],
  ['REGISTRY_AUTH_FILE', ['a.json'], ['REGISTRY_AUTH_FILE']],
  ['XDG_RUNTIME_DIR', ['run/containers/auth.json'], ['XDG_RUNTIME_DIR']],
  ['XDG_CONFIG_HOME', ['xdg/containers/auth.json'], ['XDG_CONFIG_HOME']],
])('a login is found where %s has it', async (expected, files, names) => {
  const own = Object.fromEntries(Object.entries(everywhere).filter(([name]) => files.includes(name)));
  expect(await findPassword(own, Object.fromEntries(names.map((name) => [name, variables[name]])))).toBe(expected);
});

// containers/image, pkg/docker/config/config.go (getPathToAuthWithOS), v5.37.
test("a user without XDG_RUNTIME_DIR, such as root, has Podman's login in /run", async () => {
  const own = `root/run/containers/${process.getuid?.()}/auth.json`;
  const files = { [own]: auths('run'), 'root/run/containers/4711/auth.json': auths('of another user') };
  expect(await findPassword(files)).toBe('run');
  expect(await findPassword({ ...files, '.config/containers/auth.json': auths('podman') })).toBe('run');
  expect(await findPassword({ ...files, [CONFIG]: auths('docker') })).toBe('docker');
  expect(await findPassword(files, { XDG_RUNTIME_DIR: '~/run' })).toBeUndefined();
});

test('of several logins, the first in order of precedence is used', async () => {
  const left: Record<string, unknown> = { ...everywhere };
  const set: Partial<Record<Variable, string>> = { ...variables };
  const found: unknown[] = [];
  const next = async () => void found.push(await findPassword(left, set as Record<string, string>));
  await next();
  delete set.DOCKER_AUTH_CONFIG;
  await next();
  for (const file of ['d/config.json', 'a.json', 'run/containers/auth.json', 'xdg/containers/auth.json']) {
    delete left[file];
    await next();
  }
  // DOCKER_CONFIG and XDG_CONFIG_HOME take the place of the usual directories.
  expect(found).toEqual([...Object.keys(variables), undefined]);
  delete set.DOCKER_CONFIG;
  delete set.XDG_CONFIG_HOME;
  await next();
  delete left[CONFIG];
  await next();
  expect(found.slice(-2)).toEqual(['docker', 'podman']);
});

test('variables that are set to nothing are as good as unset', async () => {
  const empty = Object.fromEntries(Object.keys(variables).map((name) => [name, '']));
  expect(await findPassword({ [CONFIG]: auths('docker') }, empty)).toBe('docker');
  expect(await findPassword({ '.config/containers/auth.json': auths('podman') }, empty)).toBe('podman');
});

test.each<[string, unknown, string]>([
  ['is cut off', '{"auths": {"r.example": {"auth": "c2VjcmV0', 'it is not JSON'],
  ['is empty', '', 'it is not JSON'],
  ['is a list', '["secret"]', 'it is not an object'],
  ['has a login without a colon', { auths: { 'r.example': { auth: 'c2VjcmV0' } } }, 'the login for r.example is not'],
])('a file that %s is an error that names it, without its content', async (_, content, why) => {
  const failure = await findPassword({ [CONFIG]: content }).catch((error) => error);
  expect(failure).toMatchObject({
    code: 'SPACECTL_BAD_ANSWERS',
    suggestions: [
      { command: expect.stringMatching(/^docker login/) },
      { text: expect.stringContaining('DOCKER_CONFIG') },
    ],
  });
  expect(failure.message).toMatch(new RegExp(`^Cannot use /.*/${CONFIG}: ${why}`));
  expect(failure.message).not.toMatch(/secret|c2VjcmV0/);
});

test('a malformed variable is named as a variable', async () => {
  await expect(findPassword({}, { DOCKER_AUTH_CONFIG: 'not JSON' })).rejects.toThrow(
    /^Cannot use DOCKER_AUTH_CONFIG: it is not JSON/,
  );
});

test('a directory in place of a file is an error, and a file in place of a directory is not', async () => {
  await expect(findPassword({ [`${CONFIG}/x`]: '' })).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_READ' });
  expect(await findPassword({ '.docker': '', '.config/containers/auth.json': auths('podman') })).toBe('podman');
});

test.each<[string, unknown]>([
  ['no object at all', 7],
  ['no lists of logins', { auths: [], credHelpers: 'x', credsStore: 7, HttpHeaders: {} }],
  ['nothing', { auths: null, credHelpers: null }],
])('a file that has %s in place of logins is passed over', async (_, content) => {
  const files = { [CONFIG]: content, '.config/containers/auth.json': auths('podman') };
  expect(await findPassword(files)).toBe('podman');
});
