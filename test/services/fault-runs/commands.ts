import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatJournal } from '../../../src/pool-folder/journal.ts';
import { JOURNAL_FILE } from '../../../src/pool-folder/names.ts';
import { program, sha256, startDownloadHost } from '../download-host.ts';
import { putKeyPair } from '../key-pair.ts';
import { generate, init } from '../pool-folder.ts';
import { spacectl } from '../program.ts';
import { type Spacelift, startSpacelift } from '../spacelift.ts';
import { temporaryFolder } from '../temporary.ts';
import { VAULT_PASSWORD } from './state.ts';

/** A command about to run. */
export interface Prepared {
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  /** The directory that it writes to; calls on files in it meet the fault. */
  readonly below: string;
  /** What a second run says if the first one did all and reported that it may not last. */
  readonly alreadyDone?: string;
  /** The server that it asks, if any. */
  readonly server?: Spacelift;
}

/**
 * Prepares for a command that writes: the same each time, in a new directory.
 * @param pool the directory of a pool that a person has set up so far, to copy
 */
export type Prepare = (pool: string) => Promise<Prepared>;

const CA = path.resolve('docs/example-ca.pem');

/** A copy of a pool's directory. */
async function copyOf(pool: string): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'pool');
  await cp(pool, dir, { recursive: true });
  for (const name of await readdir(dir)) await chmod(path.join(dir, name), 0o600);
  return dir;
}

/** The same with a bundle. */
async function withBundle(pool: string): Promise<string> {
  const dir = await copyOf(pool);
  await run(['ca-bundle', 'build', '--offline', '--dir', dir, '--ca', CA]);
  return dir;
}

/** A pool that exists on a server. */
async function poolOnServer(pool: string): Promise<{ dir: string; server: Spacelift }> {
  const [server, dir] = [await startSpacelift(), await copyOf(pool)];
  const { id, name } = server.addPool({ name: 'build' });
  await writeFile(path.join(dir, JOURNAL_FILE), formatJournal({ endpoint: server.url, name, id, state: 'created' }));
  return { dir, server };
}

/** A file system tree that an image is built from. */
async function hostTree(): Promise<string> {
  const tree = await temporaryFolder();
  await mkdir(path.join(tree, 'etc'));
  await writeFile(path.join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(path.join(tree, 'etc/group'), 'root:x:0:\n');
  return tree;
}

/** A command that must succeed. */
async function run(args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const { exitCode, stderr } = await spacectl(args, { env });
  if (exitCode !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
}

/** Renders something for a pool that has all it needs. */
function render(...words: readonly string[]): Prepare {
  return async (pool) => {
    const dir = await withBundle(pool);
    return { args: ['render', ...words, '--dir', dir], below: dir };
  };
}

async function withProfiles(args: readonly string[], hasProfiles: boolean): Promise<Prepared> {
  const [server, folder] = [await startSpacelift(), await temporaryFolder()];
  const secret = path.join(await temporaryFolder(), 'secret');
  await writeFile(secret, server.key.secret);
  const key = ['--api-endpoint', server.url, '--api-key-id', server.key.id, '--api-key-secret-file', secret];
  const env = { SPACELIFT_CONFIG_DIR: path.join(folder, 'config') };
  if (hasProfiles) for (const name of ['acme', 'other']) await run(['profile', 'login', name, ...key], env);
  return { args: args[1] === 'login' ? [...args, ...key] : args, env, below: folder };
}

/** All commands that write, each in the way it is used most. */
export const WRITING_COMMANDS: Readonly<Record<string, Prepare>> = {
  'keypair generate': async () => {
    const below = await temporaryFolder();
    return { args: generate(path.join(below, 'pool')), below };
  },
  'ca-bundle build': async (pool) => {
    const dir = await copyOf(pool);
    return { args: ['ca-bundle', 'build', '--offline', '--dir', dir, '--ca', CA], below: dir };
  },
  init: async (pool) => {
    const dir = await copyOf(pool);
    return { args: init(dir), below: dir };
  },
  'workerpool create': async () => {
    const [server, dir] = [await startSpacelift(), path.join(await temporaryFolder(), 'pool')];
    await putKeyPair(dir);
    const args = ['workerpool', 'create', '--dir', dir, '--name', 'build'];
    return { args, env: { ...server.environment }, below: dir, server };
  },
  'workerpool reset': async (pool) => {
    const { dir, server } = await poolOnServer(pool);
    const args = ['workerpool', 'reset', '--dir', dir, '--confirm', 'build'];
    return { args, env: { ...server.environment }, below: dir, server };
  },
  'keypair rotate': async (pool) => {
    const { dir, server } = await poolOnServer(pool);
    const args = ['keypair', 'rotate', '--dir', dir, '--bits', '2048', '--confirm', 'build'];
    return { args, env: { ...server.environment }, below: dir, server };
  },
  'profile login': () => withProfiles(['profile', 'login', 'acme'], false),
  'profile select': () => withProfiles(['profile', 'select', 'acme'], true),
  'profile logout': async () => ({
    ...(await withProfiles(['profile', 'logout', 'acme'], true)),
    alreadyDone: 'Profile "acme" does not exist',
  }),
  'launcher download': async () => {
    const folder = await temporaryFolder();
    const host = await startDownloadHost();
    const bytes = program(Buffer.alloc(100_000, 'launcher '));
    host.files.set('/release', bytes);
    const output = path.join(folder, 'bin/spacelift-launcher');
    return {
      args: ['launcher', 'download', '--from', `${host.url}/release`, '--sha256', sha256(bytes), '--output', output],
      below: folder,
    };
  },
  'render systemd': render('systemd'),
  'render docker': render('docker'),
  'render cloud-init': render('cloud-init', '--embed-secrets'),
  'render terraform': render('terraform', '--cloud', 'aws'),
  'render ecs': render('ecs'),
  'render ansible': async (pool) => ({
    ...(await render('ansible', '--host', 'worker')(pool)),
    env: { SPACECTL_VAULT_PASSWORD: VAULT_PASSWORD },
  }),
  'host install --root': async (pool) => {
    const [dir, tree] = [await withBundle(pool), await hostTree()];
    return { args: ['host', 'install', '--dir', dir, '--root', tree], below: tree };
  },
  'host uninstall --root': async (pool) => {
    const [dir, tree] = [await withBundle(pool), await hostTree()];
    await run(['host', 'install', '--dir', dir, '--root', tree]);
    return { args: ['host', 'uninstall', '--purge', '--root', tree], below: tree };
  },
};
