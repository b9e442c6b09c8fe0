import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { askHelper } from '../../../src/oci/registry/credential-helper.ts';
import { environmentOf, helperWith, homeWith } from '../../services/login-files.ts';

const reported = (what: string) => [`docker-credential-own ${what}. Continuing without logging in`];
const UNUSABLE = 'docker-credential-own printed no usable credentials. Continuing without logging in';

/** Asks a helper `docker-credential-own` for the login of `r.example`. */
async function ask(script: string, name = 'own', more: NodeJS.ProcessEnv = {}) {
  const home = await homeWith({ 'bin/docker-credential-own': script });
  const reports: string[] = [];
  const { signal } = new AbortController();
  const options = {
    environment: { ...environmentOf(home), ...more },
    signal,
    report: (each: string) => reports.push(each),
  };
  return { found: await askHelper(name, 'r.example', options), reports, home };
}

const printing = (answer: unknown) => helperWith({ 'r.example': answer });

// docker/docker-credential-helpers, credentials/credentials.go; docker/cli, cli/config/credentials/native_store.go.
test.each<[string, unknown, unknown, readonly string[]]>([
  ['a name and a password', { Username: 'me', Secret: 's' }, { username: 'me', password: 's' }, []],
  ['an identity token', { Username: '<token>', Secret: 's' }, { identityToken: 's' }, []],
  ['a name that is empty', { Username: '', Secret: 's' }, { username: '', password: 's' }, []],
  ['a password that is empty', { Username: 'me', Secret: '' }, undefined, [UNUSABLE]],
  ['no name', { Secret: 's' }, undefined, [UNUSABLE]],
  ['no password', { Username: 'me' }, undefined, [UNUSABLE]],
  ['a list', ['me', 's'], undefined, [UNUSABLE]],
])('a helper that prints %s', async (_, answer, expected, reports) => {
  expect(await ask(printing(answer))).toMatchObject({ found: expected, reports });
});

test.each<[string, string, readonly string[]]>([
  ['prints something else', '#!/bin/sh\necho hunter2\n', [UNUSABLE]],
  ['prints nothing', '#!/bin/sh\n', [UNUSABLE]],
  ['has no login for the registry', helperWith({ other: {} }), []],
  ['prints a login, but fails', `#!/bin/sh\necho '{"Username":"me","Secret":"hunter2"}'\nexit 1\n`, []],
  ['is ended by a signal', '#!/bin/sh\nkill -9 $$\n', reported('was killed by SIGKILL')],
  ['cannot be run', '#!/nowhere/sh\n', ['docker-credential-own is not installed. Continuing without logging in']],
])('a helper that %s: the image is read without a login', async (_, script, reports) => {
  expect(await ask(script)).toMatchObject({ found: undefined, reports });
});

// docker/docker-credential-helpers, credentials/error.go and credentials.go (Serve): errors go to standard output;
// awslabs/amazon-ecr-credential-helper logs to standard error.
test.each<[string, string, readonly string[]]>([
  [
    'says so on standard output',
    'echo "pass not initialized: exit status 1: try: pass init"',
    reported('failed: pass not initialized: exit status 1: try: pass init'),
  ],
  [
    'says so on standard error',
    'echo "no AWS credentials, run: aws sso login" >&2',
    reported('failed: no AWS credentials, run: aws sso login'),
  ],
  ['has no credentials', 'echo "credentials not found in native keychain"', []],
  ['has no credentials, in other words', 'echo "error: The specified item could not be found in the keyring" >&2', []],
  [
    'says too much',
    `i=0; while [ $i -lt 90 ]; do echo "line $i" >&2; i=$((i+1)); done`,
    [expect.stringMatching(/^docker-credential-own failed: line 0 line 1 .{150,190}…\. Continuing/)],
  ],
  [
    'tries to draw on the terminal',
    `printf '\\033[2Jcleared\\007\\u202e\\rover' >&2`,
    [expect.stringMatching(/^docker-credential-own failed: [\x20-\x7e]+$/)],
  ],
  [
    'repeats a password',
    'echo "GET https://me:hunter2@r.example: 401" >&2',
    reported('failed: GET https://me:[redacted]@r.example: 401'),
  ],
] as [string, string, readonly string[]][])('a helper that fails and %s', async (_, script, reports) => {
  expect(await ask(`#!/bin/sh\n${script}\nexit 1\n`)).toMatchObject({ found: undefined, reports });
});

test('a helper that does not exist is reported', async () => {
  const missing = 'docker-credential-missing is not installed. Continuing without logging in';
  expect(await ask('', 'missing')).toMatchObject({ found: undefined, reports: [missing] });
});

test.each(['../bin/sh', 'own/x', 'own x', 'own;x', '', '/bin/sh', 'own\n'])(
  'the name "%s" of a helper is not run',
  async (name) => {
    const { found, reports, home } = await ask(printing({ Username: 'me', Secret: 's' }), name);
    expect(found).toBeUndefined();
    expect(reports).toEqual([`"${name}" is not the name of a credential helper. Continuing without logging in`]);
    await expect(readFile(path.join(home, 'asked'))).rejects.toMatchObject({ code: 'ENOENT' });
  },
);

test('a helper gets what it needs to find its store, and none of our secrets', async () => {
  vi.stubEnv('SPACECTL_REGISTRY_PASSWORD', 'hunter2');
  const script = `#!/bin/sh\nenv > "$HOME/environment"\nexit 1\n`;
  const { home } = await ask(script, 'own', { DOCKER_CONFIG: '/d', SPACELIFT_API_KEY_SECRET: 'hunter2' });
  vi.unstubAllEnvs();
  const environment = await readFile(path.join(home, 'environment'), 'utf8');
  expect(environment).toContain(`HOME=${home}\n`);
  expect(environment).toContain('DOCKER_CONFIG=/d\n');
  expect(environment).toContain(`PATH=${home}/bin:`);
  expect(environment).not.toContain('hunter2');
});

test('when the user stops, the helper is stopped, and that is not reported as its failure', async () => {
  const home = await homeWith({ 'bin/docker-credential-own': '#!/bin/sh\nexec sleep 60\n' });
  const stopping = new AbortController();
  const reports: string[] = [];
  const options = {
    environment: environmentOf(home),
    signal: stopping.signal,
    report: (each: string) => reports.push(each),
  };
  const asking = askHelper('own', 'r.example', options);
  stopping.abort();
  await expect(asking).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  expect(reports).toEqual([]);
});
