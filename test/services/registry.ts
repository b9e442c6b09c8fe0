import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

export interface RegistryService {
  /** `127.0.0.1:PORT`, as it stands in image references. */
  readonly host: string;
  /** `http://127.0.0.1:PORT`, or with https. */
  readonly url: string;
  /** What was asked for since the start: `GET /v2/name/blobs/sha256:…`. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts Debian's docker-registry, empty, on a free port of loopback. The caller stops it.
 *
 * @param options.tls PEM of certificate and key: it speaks https
 * @param options.credentials it wants this name and password (basic authentication)
 */
export async function startRegistry(
  options: {
    readonly tls?: { readonly certificate: string; readonly key: string };
    readonly credentials?: { readonly username: string; readonly password: string };
  } = {},
): Promise<RegistryService> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-registry-'));
  const at = (name: string) => path.join(folder, name);
  const host = `127.0.0.1:${await freePort()}`;
  const { tls, credentials } = options;
  if (tls) {
    await writeFile(at('tls.crt'), tls.certificate);
    await writeFile(at('tls.key'), tls.key, { mode: 0o600 });
  }
  if (credentials) {
    const { username, password } = credentials;
    const { stdout } = await execa('htpasswd', ['-niB', username], { input: password });
    await writeFile(at('htpasswd'), `${stdout.trim()}\n`);
  }
  const configuration = {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: at('data') }, delete: { enabled: true } },
    http: { addr: host, ...(tls && { tls: { certificate: at('tls.crt'), key: at('tls.key') } }) },
    ...(credentials && { auth: { htpasswd: { realm: 'test', path: at('htpasswd') } } }),
  };
  // JSON is YAML.
  await writeFile(at('config.yml'), JSON.stringify(configuration));
  const child = spawn('docker-registry', ['serve', at('config.yml')], { stdio: ['ignore', 'pipe', 'pipe'] });
  const requests: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const [, request] = /"((?:GET|HEAD|POST|PUT) \S+) HTTP/.exec(line) ?? [];
    if (request) requests.push(request);
  });
  await listening(child.stderr, once(child, 'exit'));
  return {
    host,
    url: `${tls ? 'https' : 'http'}://${host}`,
    requests,
    async stop() {
      const exit = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGTERM')) await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the registry says that it listens; fails if it ends instead. */
async function listening(output: NodeJS.ReadableStream, exit: Promise<unknown>): Promise<void> {
  const lines: string[] = [];
  const said = new Promise<void>((resolve) => {
    createInterface(output).on('line', (line) => {
      lines.push(line);
      if (line.includes('listening on')) resolve();
    });
  });
  const ended = exit.then(() => {
    throw new Error(`docker-registry ended:\n${lines.join('\n')}`);
  });
  ended.catch(() => {});
  await Promise.race([said, ended]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
