import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseEndpoint } from '../../../src/spacelift/api/endpoint.ts';
import { findCredentials } from '../../../src/spacelift/login/credentials.ts';
import { apiKeyId } from '../../../src/spacelift/login/inputs.ts';
import { withCurrent } from '../../../src/spacelift/login/profile-changes.ts';
import { listProfiles, readProfiles } from '../../../src/spacelift/login/profiles.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const ENDPOINT = 'https://acme.app.spacelift.io';
const jwt = (claims: object) => `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.proof`;
const TOKEN = jwt({ aud: ENDPOINT, exp: 2_000_000_000 });
const KEY = { SPACELIFT_API_KEY_ENDPOINT: ENDPOINT, SPACELIFT_API_KEY_ID: 'id', SPACELIFT_API_KEY_SECRET: 'hush' };
const ALL = { ...KEY, SPACELIFT_API_TOKEN: TOKEN, SPACELIFT_API_GITHUB_TOKEN: 'ghp' };

/** A folder of profiles: one of each kind, the first is current. */
async function profileFolder(document?: object | string): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const profiles = {
    key: { alias: 'key', credentials: { type: 1, endpoint: `${ENDPOINT}/`, key_id: 'stored', key_secret: 'hush' } },
    github: { alias: 'github', credentials: { type: 2, endpoint: ENDPOINT, access_token: 'ghp' } },
    token: { alias: 'token', credentials: { type: 3, endpoint: ENDPOINT, access_token: TOKEN } },
    half: { alias: 'half', credentials: { type: 1, endpoint: ENDPOINT, key_id: 'stored' } },
  };
  const content = document ?? { currentProfileAlias: 'key', profiles };
  await writeFile(path.join(folder, 'config.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

test.each([
  ['an API token comes first, and names its account', ALL, { method: 'token', endpoint: ENDPOINT, token: TOKEN }],
  ['a GitHub token comes second', { ...ALL, SPACELIFT_API_TOKEN: '' }, { method: 'github', token: 'ghp' }],
  ['an API key comes last', KEY, { method: 'apikey', endpoint: ENDPOINT, keyId: 'id', keySecret: 'hush' }],
  [
    'the deprecated name of the endpoint still works',
    { ...KEY, SPACELIFT_API_KEY_ENDPOINT: '', SPACELIFT_API_ENDPOINT: `${ENDPOINT}/` },
    { method: 'apikey', endpoint: ENDPOINT },
  ],
  ['an API key may be preferred', { ...ALL, SPACELIFT_API_PREFERRED_METHOD: ' ApiKey ' }, { method: 'apikey' }],
  ['a GitHub token may be preferred', { ...ALL, SPACELIFT_API_PREFERRED_METHOD: 'github' }, { method: 'github' }],
])('In the environment, %s', async (_, environment, expected) => {
  expect(await findCredentials(undefined, { ...environment, HOME: '/nowhere' })).toMatchObject(expected);
});

test.each([
  ['the current profile if the environment has none', undefined, {}, { method: 'apikey', keyId: 'stored' }],
  ['the environment rather than the current profile', undefined, KEY, { keyId: 'id' }],
  [
    'the current profile if those in the environment are incomplete',
    undefined,
    { SPACELIFT_API_KEY_ID: 'id' },
    { keyId: 'stored' },
  ],
  [
    'the current profile if those in the environment are not of the preferred method',
    undefined,
    { ...KEY, SPACELIFT_API_PREFERRED_METHOD: 'token' },
    { keyId: 'stored' },
  ],
  [
    'a profile that is named rather than the environment',
    'github',
    ALL,
    { method: 'github', source: 'the profile "github"' },
  ],
  [
    'the profile that SPACELIFT_PROFILE names',
    undefined,
    { ...ALL, SPACELIFT_PROFILE: 'github' },
    { method: 'github', source: 'the profile "github"' },
  ],
  [
    'the environment if SPACELIFT_PROFILE is empty',
    undefined,
    { ...KEY, SPACELIFT_PROFILE: '' },
    { method: 'apikey', keyId: 'id' },
  ],
])('Credentials come from %s', async (_, profile, environment, expected) => {
  const folder = await profileFolder();
  expect(await findCredentials(profile, { ...environment, SPACELIFT_CONFIG_DIR: folder })).toMatchObject(expected);
});

test('Without credentials, the error says what is missing and how to log in', async () => {
  const environment = { HOME: await temporaryFolder(), SPACELIFT_API_KEY_ENDPOINT: ENDPOINT };
  await expect(findCredentials(undefined, environment)).rejects.toMatchObject({
    code: 'SPACECTL_NO_CREDENTIALS',
    message: expect.stringContaining('SPACELIFT_API_KEY_ID, SPACELIFT_API_KEY_SECRET are not set'),
    suggestions: expect.arrayContaining([{ command: 'spacectl profile login ALIAS' }]),
  });
});

test.each([
  ['a profile that does not exist', 'gihub', undefined, 'SPACECTL_NOT_ALLOWED', 'Profile "gihub" does not exist'],
  ['a name every object has', 'constructor', undefined, 'SPACECTL_NOT_ALLOWED', 'Profile "constructor" does not exist'],
  [
    'a profile without its secret',
    'half',
    undefined,
    'SPACECTL_BAD_ANSWERS',
    'credentials of the profile "half" are incomplete',
  ],
  ['a file that is not JSON', 'key', '{"hush', 'SPACECTL_BAD_ANSWERS', 'it is not JSON'],
  ['a file of another shape', 'key', '{"profiles":["hush"]}', 'SPACECTL_BAD_ANSWERS', '"profiles" is not'],
  ['a list in place of the document', 'key', '["hush"]', 'SPACECTL_BAD_ANSWERS', 'it is not'],
  [
    'a current profile that is not text',
    undefined,
    '{"currentProfileAlias":5}',
    'SPACECTL_BAD_ANSWERS',
    '"currentProfileAlias" is not',
  ],
  [
    'a profile whose endpoint is not text',
    'key',
    '{"profiles":{"key":{"credentials":{"type":1,"endpoint":5,"key_id":"id","key_secret":"hush"}}}}',
    'SPACECTL_BAD_ANSWERS',
    'credentials of the profile "key" are damaged',
  ],
])('The error for %s shows no secret', async (_, profile, document, code, message) => {
  const environment = { SPACELIFT_CONFIG_DIR: await profileFolder(document) };
  const error = await findCredentials(profile, environment).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  expect(JSON.stringify(error)).not.toContain('hush');
});

test.each([
  ['is no JSON Web Token', 'hush', 'is not an API token'],
  ['is for no account', jwt({}), 'is for no account'],
  ['is for several', jwt({ aud: [ENDPOINT, 'https://b.app.spacelift.io'] }), 'is for 2 accounts'],
])('A token that %s is refused', async (_, token, message) => {
  const error = await findCredentials(undefined, { SPACELIFT_API_TOKEN: token }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'SPACECTL_BAD_INPUT', message: expect.stringContaining(message) });
  expect(String(error)).not.toContain('hush');
});

test('A damaged profile does not affect the others, and stays in the list', async () => {
  const intact = { credentials: { type: 3, endpoint: ENDPOINT, access_token: TOKEN } };
  const profiles = {
    intact,
    constructor: intact,
    damaged: { credentials: { endpoint: 5 } },
    empty: { credentials: null },
  };
  const environment = { SPACELIFT_CONFIG_DIR: await profileFolder({ profiles }) };
  expect(await findCredentials('intact', environment)).toMatchObject({ token: TOKEN });
  const read = await readProfiles(environment);
  expect(listProfiles(read)).toEqual([
    { alias: 'constructor', isCurrent: false, endpoint: ENDPOINT, method: 'token' },
    { alias: 'damaged', isCurrent: false, endpoint: '', method: undefined },
    { alias: 'empty', isCurrent: false, endpoint: '', method: undefined },
    { alias: 'intact', isCurrent: false, endpoint: ENDPOINT, method: 'token' },
  ]);
  expect(withCurrent(read, 'intact').profiles).toEqual(profiles);
});

test('An unknown preferred method is rejected', async () => {
  const environment = { ...KEY, SPACELIFT_API_PREFERRED_METHOD: 'browser' };
  await expect(findCredentials(undefined, environment)).rejects.toThrow(
    'is "browser", not one of token, github, apikey',
  );
});

test.each([
  ['acme.app.spacelift.io', ENDPOINT],
  ['https://acme.app.spacelift.io/', ENDPOINT],
  [' https://acme.app.spacelift.io/graphql ', ENDPOINT],
  ['https://spacelift.example.com:8443/base/', 'https://spacelift.example.com:8443/base'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
  ['https://spacelift', 'https://spacelift'],
  ['[::1]', 'https://[::1]'],
])('The endpoint %s is read as %s', (text, expected) => {
  expect(parseEndpoint(text)).toBe(expected);
});

test.each(['', 'ftp://a.b', 'https://', 'http://acme.app.spacelift.io', 'https://me:hush@a.b', 'https://a.b?x=1'])(
  'The endpoint "%s" is refused',
  (text) => {
    expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code: 'SPACECTL_BAD_INPUT' }));
  },
);

test.each(['acme', 'acme/graphql', 'Acme.', '.acme'])('The name "%s" alone is no endpoint', (text) => {
  expect(() => parseEndpoint(text)).toThrow(
    expect.objectContaining({
      code: 'SPACECTL_BAD_INPUT',
      suggestions: [{ text: expect.stringMatching(/https:\/\/.?acme.?\.app\.spacelift\.io/) }],
    }),
  );
});

test.each([
  ['', 'not empty'],
  ['https://acme.app.spacelift.io', 'a URL'],
  ['acme.app.spacelift.io/settings', 'neither spaces nor slashes'],
  ['01HCC6QZ 932J', 'neither spaces nor slashes'],
])('The ID of an API key is not "%s"', (text, problem) => {
  expect(() => apiKeyId.parse([text], {})).toThrow(problem);
});
