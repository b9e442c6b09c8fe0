import { chmod, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { expect, test } from 'vitest';
import { encodingsOf, makePrograms, readableFiles, secretsIn } from '../services/canaries.ts';
import { startHttpServer } from '../services/http-server.ts';
import { folderWithToken } from '../services/pool-folder.ts';
import { spacectl } from '../services/program.ts';
import { sliceOf } from '../services/slice.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** A password with characters that URLs, JSON, shells and HTML write differently. */
const PASSWORD = 'Zk9"w&Q\\7<x/+ü=%41hG$m';

const TOKEN_FILE = 'worker-pool-01HCC6QZ932J7WDF4FTVM9QMEP.config';

/** A command that reads secrets. */
interface Case {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** By what they are; known at the latest after the run. */
  readonly secrets: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  /** Where it writes. */
  readonly folder?: string;
  readonly exitCode: number;
}

/** What a server says that repeats all it was given. */
const repeated = (request: IncomingMessage, body: string) => {
  const login = request.headers.authorization ?? request.headers['proxy-authorization'] ?? '';
  const decoded = Buffer.from(login.replace(/^Basic /, ''), 'base64').toString();
  return `${login} | ${decoded} | ${encodeURIComponent(decoded)} | ${body} | ${new URLSearchParams(body)}`;
};

/** A server that asks for a login of a kind, and repeats whatever login it is given in its errors. */
async function startRepeater(status: number, challenge: (host: string) => Readonly<Record<string, string>>) {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const said = repeated(request, Buffer.concat(chunks).toString());
    const isAsked = request.headers.authorization === undefined && chunks.length === 0;
    response.writeHead(isAsked ? 401 : status, isAsked ? challenge(server.host) : {});
    response.end(JSON.stringify({ errors: [{ code: 'DENIED', message: said }], details: said }));
  };
  const server = await startHttpServer(answer);
  return server;
}

async function api(...args: readonly string[]) {
  const server = await startSpacelift();
  const pool = server.addPool();
  server.addWorker(pool);
  const given = args.map((each) => (each === 'ID' ? pool.id : each));
  const sent = () => server.headers.map(({ authorization = '' }) => authorization.slice('Bearer '.length)).at(-1) ?? '';
  const secrets = () => ({ 'API key': server.key.secret, ...(sent() && { JWT: sent() }) });
  return { server, args: given, env: server.environment, secrets };
}

async function registry(status: number, env: Readonly<Record<string, string>>, secret: string): Promise<Case> {
  const server = await startRepeater(status, (host) =>
    env['IDENTITY']
      ? { 'www-authenticate': `Bearer realm="http://${host}/token",service="s"` }
      : { 'www-authenticate': 'Basic realm="r"' },
  );
  const auth = env['IDENTITY'] ? { identitytoken: secret } : { auth: Buffer.from(`user:${secret}`).toString('base64') };
  const stored = env['IDENTITY'] || env['STORED'];
  return {
    args: [
      'ca-bundle',
      'build',
      '--ca',
      'docs/example-ca.pem',
      '--image',
      `${server.host}/a/b:1`,
      '--source',
      'registry',
    ],
    env: stored ? { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [server.host]: auth } }) } : env,
    secrets: { 'registry login': secret },
    exitCode: status === 403 ? 77 : 69,
  };
}

async function pool(args: readonly string[], env: Readonly<Record<string, string>> = {}, exitCode = 0): Promise<Case> {
  const dir = await folderWithToken();
  const files = ['spacelift.key', TOKEN_FILE].map((name) => path.join(dir, name));
  // Downloaded by a person, with the mode of any download.
  await chmod(files[1] ?? '', 0o600);
  const [key, token] = await Promise.all(files.map((file) => readFile(file)));
  const given = args.map((each) => each.replace('DIR', dir));
  const line = key?.toString().split('\n')[9] ?? '';
  // Any part of the token that is long enough to be of use.
  const secrets = { key: line, token: token?.toString().slice(200, 264) ?? '', ...env };
  return { args: given, env, secrets, folder: dir, exitCode };
}

const CASES: Readonly<Record<string, () => Promise<Case>>> = {
  'an API key that works': async () => ({ ...(await api('workerpool', 'list')), exitCode: 0 }),
  'an API key, and a pool that is shown': async () => ({
    ...(await api('workerpool', 'show', '--pool-id', 'ID')),
    exitCode: 0,
  }),
  'an API key, and who it is': async () => ({ ...(await api('whoami')), exitCode: 0 }),
  'an API key that an error repeats': async () => {
    const { server, ...rest } = await api('workerpool', 'list');
    server.trouble({ errors: [{ message: Object.values(encodingsOf(server.key.secret)).slice(0, 2).join(' ') }] });
    return { ...rest, exitCode: 69 };
  },
  'an API key that a page repeats': async () => {
    const { server, ...rest } = await api('workerpool', 'list');
    server.trouble({ status: 403, body: `<html><title>${server.key.secret}</title></html>` });
    return { ...rest, exitCode: 77 };
  },
  'a JWT that is rejected and repeated': async () => {
    const server = await startSpacelift();
    const token = server.token();
    server.trouble({ errors: [{ message: `no: ${token} ${encodeURIComponent(token)}` }] });
    return { args: ['workerpool', 'list'], env: { SPACELIFT_API_TOKEN: token }, secrets: { JWT: token }, exitCode: 69 };
  },
  'a GitHub token that is rejected': async () => {
    const server = await startSpacelift();
    const token = `ghp_${'aB3dE6gH'.repeat(5)}`;
    const env = { SPACELIFT_API_KEY_ENDPOINT: server.url, SPACELIFT_API_GITHUB_TOKEN: token };
    return { args: ['whoami'], env, secrets: { token }, exitCode: 77 };
  },
  'a login to a registry': () =>
    registry(403, { SPACECTL_REGISTRY_USERNAME: 'user', SPACECTL_REGISTRY_PASSWORD: PASSWORD }, PASSWORD),
  'a stored login to a registry': () => registry(403, { STORED: '1' }, PASSWORD),
  'a stored identity token': () => registry(403, { IDENTITY: '1' }, PASSWORD),
  'the password of a proxy': async () => {
    const proxy = await startHttpServer(() => {});
    proxy.server.on('connect', (request, socket) => {
      const said = repeated(request, '');
      socket.end(`HTTP/1.1 407 ${encodeURIComponent(said)}\r\nX-Said: ${encodeURIComponent(said)}\r\n\r\n${said}`);
    });
    const env = { HTTPS_PROXY: `http://user:${encodeURIComponent(PASSWORD)}@${proxy.host}`, SPACELIFT_API_TOKEN: '' };
    const args = [
      'ca-bundle',
      'build',
      '--ca',
      'docs/example-ca.pem',
      '--image',
      'far.invalid/a:1',
      '--source',
      'registry',
    ];
    return { args, env, secrets: { 'proxy password': PASSWORD }, exitCode: 77 };
  },
  'a token that is inspected': () => pool(['token', 'inspect', `DIR/${TOKEN_FILE}`]),
  'a token in the place of a file': async () => {
    const given = await pool(['token', 'inspect', 'DIR']);
    const [dir = ''] = given.args.slice(-1);
    const token = await readFile(path.join(dir, TOKEN_FILE), 'utf8');
    return {
      ...given,
      args: ['token', 'inspect', token.slice(0, 200)],
      secrets: { token: token.slice(0, 200) },
      exitCode: 74,
    };
  },
  'a key in the place of a certificate': () => pool(['ca-bundle', 'inspect', 'DIR/spacelift.key'], {}, 65),
  'a key pair that is verified': () => pool(['keypair', 'verify', '--dir', 'DIR']),
  'secrets for a host': () => pool(['render', 'systemd', '--dir', 'DIR']),
  'secrets in user data': () => pool(['render', 'cloud-init', '--dir', 'DIR', '--embed-secrets']),
  'secrets for a container': () => pool(['render', 'docker', '--dir', 'DIR']),
  'secrets in a vault': () =>
    pool(['render', 'ansible', '--dir', 'DIR', '--host', 'worker'], { SPACECTL_VAULT_PASSWORD: PASSWORD }),
};

const MODES = {
  plain: [[], {}],
  JSON: [['--json'], {}],
  debugging: [[], { DEBUG: '*' }],
  verbose: [['--verbose'], {}],
} as const;

const TABLE = Object.entries(CASES).flatMap(([title, make]) =>
  Object.entries(MODES).map(([mode, [flags, env]]) => [title, mode, make, flags, env] as const),
);

test.each(sliceOf(TABLE, 5))('Nothing shows %s (%s)', async (_title, _mode, make, flags, env) => {
  const { args, env: given, secrets, folder, exitCode } = await make();
  const own = await temporaryFolder();
  const { programs, notes } = await makePrograms(own);
  const run = await spacectl([...args, ...flags], {
    env: { HOME: own, XDG_CACHE_HOME: path.join(own, 'cache'), PATH: programs, ...given, ...env },
  });
  const said = { stdout: String(run.stdout), stderr: String(run.stderr), programs: await readFile(notes, 'utf8') };
  const texts = { ...said, ...(await readableFiles(folder ?? own)), ...(await readableFiles(path.join(own, 'cache'))) };
  const all = typeof secrets === 'function' ? secrets() : secrets;
  for (const [name, secret] of Object.entries(all))
    expect({ name, isLong: secret.length > 12 }).toMatchObject({ isLong: true });
  const shown = Object.entries(texts).flatMap(([where, text]) =>
    secretsIn(text, all).map((what) => `${where}: ${what}`),
  );
  expect(shown).toEqual([]);
  expect({ exitCode: run.exitCode, stderr: said.stderr }).toMatchObject({ exitCode });
});

test('A secret is found in every encoding', () => {
  const encodings = Object.entries(encodingsOf(PASSWORD));
  expect(encodings.length).toBeGreaterThan(12);
  for (const [encoding, text] of encodings) expect(secretsIn(`x${text}y`, { p: PASSWORD })).toContain(`p: ${encoding}`);
});
