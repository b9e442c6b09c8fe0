import { lstat, readdir, readlink, stat, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { clientsOnMachine } from '../../ca-bundle/index.ts';
import { dateFrom } from '../../core/date.ts';
import { UserError } from '../../core/errors.ts';
import { readFileIfExists } from '../../files/read.ts';
import { createHttpClient, type HttpClient } from '../../http/index.ts';
import { describeNewestLauncher, describeSigningKey } from '../../launcher/index.ts';
import { runProgram } from '../../programs/index.ts';
import { findSpacectls, folderTokenState } from '../../spacelift/index.ts';
import type { Values } from '../../step/input.ts';
import { isMissingProgram } from '../programs.ts';
import type { doctorInputs } from './inputs.ts';
import type { Entry, HostReader, Variables } from './reader.ts';

/** Milliseconds for any program: the slowest is a TLS handshake in a container. */
const TIMEOUT = 120_000;

/** Reads this machine. `close` ends its connections. */
export function createMachineReader(
  values: Values<typeof doctorInputs>,
  signal: AbortSignal,
): HostReader & { close(): void } {
  let client: HttpClient | undefined;
  const connect = (settings: Variables) => {
    client ??= createClient(values, settings);
    return client;
  };
  return {
    now: new Date(),
    clock: Date.now,
    isRoot: process.getuid?.() === 0,
    environment: process.env,
    memory: totalmem(),
    processors: availableParallelism(),
    read: readFileIfExists,
    entry: readEntry,
    link: (path) => readlink(path).catch(() => undefined),
    list: (directory) => readdir(directory).catch(() => []),
    async space(path) {
      const stats = await statfs(path).catch(() => undefined);
      const device = (await stat(path).catch(() => undefined))?.dev;
      if (!stats || device === undefined) return undefined;
      const { bavail, blocks, bsize, files, ffree } = stats;
      return { device, free: bavail * bsize, total: blocks * bsize, freeInodes: files > 0 ? ffree / files : 1 };
    },
    async run(program, args, environment = {}) {
      try {
        return await runProgram(program, args, { signal, environment, timeout: TIMEOUT });
      } catch (error) {
        if (isMissingProgram(error)) return undefined;
        throw error;
      }
    },
    async ask(url, settings) {
      const { status, headers, body, certificate } = await connect(settings).request({ method: 'HEAD', url, signal });
      body.destroy();
      return { status, date: dateFrom(headers.date ?? ''), certificate };
    },
    signingKey(settings) {
      const { fingerprint, 'key-server': server } = values;
      return describeSigningKey({ fingerprint, server }, connect(settings), signal);
    },
    newestLauncher(release, settings) {
      const { fingerprint, 'key-server': server } = values;
      return describeNewestLauncher(release, { fingerprint, server }, connect(settings), signal);
    },
    clientsOf({ program, host, id }, mountPaths) {
      // Programs get the environment of this process.
      process.env[program === 'podman' ? 'CONTAINER_HOST' : 'DOCKER_HOST'] = host;
      const limit = AbortSignal.timeout(TIMEOUT);
      return clientsOnMachine({ program, id }, mountPaths, AbortSignal.any([signal, limit])).catch((error: unknown) => {
        if (limit.aborted && !signal.aborted) throw tooSlow(program);
        throw error;
      });
    },
    poolToken: () => folderTokenState(values.dir, signal),
    namesakes: () => findSpacectls(process.env),
    close: () => client?.close(),
  };
}

function tooSlow(program: string): UserError {
  const message = `${program} did not give the files of the image within ${TIMEOUT / 1000} seconds`;
  return new UserError('SPACECTL_PROGRAM_FAILED', message);
}

async function readEntry(path: string): Promise<Entry | undefined> {
  const stats = await stat(path).catch(() => lstat(path).catch(() => undefined));
  if (!stats) return undefined;
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSocket() ? 'socket' : 'other';
  const { mode, uid, gid, size, mtime } = stats;
  return { kind, mode: mode & 0o7777, owner: uid, group: gid, size, modified: mtime };
}

/** Creates a client that connects as the launcher does. */
function createClient(values: Values<typeof doctorInputs>, settings: Variables): HttpClient {
  // Proxies are read from the process's own environment.
  for (const [name, value] of Object.entries(settings)) {
    if (/^(?:https?|no|all)_proxy$/i.test(name)) process.env[name] = value;
  }
  return createHttpClient({
    certificateAuthority: values['download-ca'],
    environment: { ...process.env, ...settings },
    authorityAdvice:
      "If a proxy inspects the traffic, add its CA to the host's trust store and pass it here: --download-ca FILE",
    // A firewall that drops packets sends no error: do not wait long for it.
    connectTimeout: 5_000,
    idleTimeout: 15_000,
    attempts: 2,
  });
}
