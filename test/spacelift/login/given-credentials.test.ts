import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  credentialsFrom,
  fromEnvironment,
  hasCredentials,
  overridingVariables,
} from '../../../src/spacelift/login/credentials.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const ENDPOINT = 'https://acme.app.spacelift.io';
const TOKEN = `head.${Buffer.from(JSON.stringify({ aud: ENDPOINT })).toString('base64url')}.proof`;
const KEY = { SPACELIFT_API_KEY_ENDPOINT: ENDPOINT, SPACELIFT_API_KEY_ID: 'id', SPACELIFT_API_KEY_SECRET: 'hush' };

/** A folder of profiles, and which one is current. */
async function profiles(current?: string): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const credentials = { type: 3, endpoint: ENDPOINT, access_token: TOKEN };
  const document = { currentProfileAlias: current, profiles: { mine: { alias: 'mine', credentials } } };
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(document));
  return folder;
}

const flags = (endpoint: string, id: string, secret: string) => ({
  'api-endpoint': endpoint,
  'api-key-id': id,
  'api-key-secret': secret,
});

test('An API key that is given counts before everything else', async () => {
  expect(await credentialsFrom({ profile: 'mine', ...flags(ENDPOINT, 'id', 'hush') })).toEqual({
    method: 'apikey',
    endpoint: ENDPOINT,
    keyId: 'id',
    keySecret: 'hush',
    source: 'the given API key',
  });
});

test.each([
  ['', 'id', 'hush', '--api-endpoint'],
  [ENDPOINT, '', 'hush', '--api-key-id'],
  [ENDPOINT, 'id', '', '--api-key-secret-file'],
  [ENDPOINT, '', '', '--api-key-id and --api-key-secret-file'],
  ['', 'id', '', '--api-endpoint and --api-key-secret-file'],
  ['', '', 'hush', '--api-endpoint and --api-key-id'],
])(
  'An API key of which a part is missing is refused, by the names of its flags: "%s" "%s" "%s"',
  async (endpoint, id, secret, missing) => {
    await expect(credentialsFrom(flags(endpoint, id, secret))).rejects.toMatchObject({
      code: 'SPACECTL_BAD_INPUT',
      message: `The API key is incomplete: missing ${missing}`,
      suggestions: [{ text: 'Pass --api-endpoint, --api-key-id and --api-key-secret-file, or none of them' }],
    });
  },
);

test('Without a given API key, other credentials are found', async () => {
  vi.stubEnv('SPACELIFT_CONFIG_DIR', await profiles());
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await credentialsFrom({ profile: 'mine', ...flags('', '', '') })).toMatchObject({ token: TOKEN });
});

test.each<[string, string | undefined, Readonly<Record<string, string>>, string | undefined, boolean]>([
  ['a profile that is named', 'any', {}, undefined, true],
  ['a profile that the environment names', undefined, { SPACELIFT_PROFILE: 'any' }, undefined, true],
  ['an API key in the environment', undefined, KEY, undefined, true],
  ['a current profile', undefined, {}, 'mine', true],
  ['a part of an API key', undefined, { SPACELIFT_API_KEY_ID: 'id' }, undefined, false],
  ['profiles of which none is current', undefined, {}, undefined, false],
])('Whether there are credentials, by %s', async (_, profile, environment, current, expected) => {
  const folder = await profiles(current);
  expect(await hasCredentials(profile, { ...environment, SPACELIFT_CONFIG_DIR: folder })).toBe(expected);
});

test.each<[string, Readonly<Record<string, string | undefined>>, readonly string[]]>([
  ['nothing', {}, []],
  ['the same profile', { SPACELIFT_PROFILE: 'mine' }, []],
  [
    'another profile',
    { SPACELIFT_PROFILE: 'other', ...KEY },
    ['SPACELIFT_PROFILE=other has priority over the current profile'],
  ],
  [
    'an API token',
    { SPACELIFT_API_TOKEN: TOKEN },
    ['SPACELIFT_API_TOKEN has priority over the current profile: unset it, or pass --profile mine'],
  ],
  [
    'an API key, one of whose variables is blank',
    { ...KEY, SPACELIFT_API_KEY_ENDPOINT: ' ', SPACELIFT_API_ENDPOINT: ENDPOINT },
    [
      'SPACELIFT_API_ENDPOINT, SPACELIFT_API_KEY_ID, SPACELIFT_API_KEY_SECRET have priority over the current profile: unset them, or pass --profile mine',
    ],
  ],
  [
    'an API key with the deprecated name of its endpoint',
    { ...KEY, SPACELIFT_API_KEY_ENDPOINT: undefined, SPACELIFT_API_ENDPOINT: ENDPOINT },
    [
      'SPACELIFT_API_ENDPOINT, SPACELIFT_API_KEY_ID, SPACELIFT_API_KEY_SECRET have priority over the current profile: unset them, or pass --profile mine',
    ],
  ],
  ['a part of an API key', { SPACELIFT_API_KEY_ID: 'id' }, []],
  [
    'a token that is none',
    { SPACELIFT_API_TOKEN: 'hush' },
    [
      'The environment has priority over the current profile, but cannot be used: SPACELIFT_API_TOKEN is not an API token (a JSON Web Token); it may be truncated',
    ],
  ],
])('What counts before the current profile: %s', (_, environment, expected) => {
  expect(overridingVariables(environment, 'mine')).toEqual(expected);
});

test('A bug while the environment is read is not taken for credentials that cannot be used', () => {
  const environment = {
    get SPACELIFT_API_TOKEN(): string {
      throw new TypeError('a bug');
    },
  };
  expect(() => overridingVariables(environment, 'mine')).toThrow(new TypeError('a bug'));
});

test.each([
  [{}, 'SPACELIFT_API_KEY_ENDPOINT, SPACELIFT_API_KEY_ID, SPACELIFT_API_KEY_SECRET are not set'],
  [{ ...KEY, SPACELIFT_API_KEY_SECRET: ' ' }, 'SPACELIFT_API_KEY_SECRET is not set'],
  [{ SPACELIFT_API_PREFERRED_METHOD: 'token' }, 'SPACELIFT_API_TOKEN is not set'],
])('What is missing in the environment %j is said', (environment, problem) => {
  expect(fromEnvironment(environment)).toEqual({ problem });
});

test('Credentials of the environment have no problem, and name the variable that they come from', () => {
  expect(fromEnvironment(KEY)).toMatchObject({ problem: '', credentials: { source: 'SPACELIFT_API_KEY_ID' } });
  const gitHub = { SPACELIFT_API_KEY_ENDPOINT: ENDPOINT, SPACELIFT_API_GITHUB_TOKEN: ' ghp\n' };
  expect(fromEnvironment(gitHub).credentials).toMatchObject({ token: 'ghp', source: 'SPACELIFT_API_GITHUB_TOKEN' });
});

test('A preferred method that is none is an error in the input', () => {
  expect(() => fromEnvironment({ SPACELIFT_API_PREFERRED_METHOD: 'x' })).toThrow(
    expect.objectContaining({ code: 'SPACECTL_BAD_INPUT' }),
  );
});
