import { cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../temporary.ts';

/** How a client asks a server on loopback, and what it says if it does not trust the server. */
interface RealClient {
  readonly command: (port: number) => readonly string[];
  readonly refusal: RegExp;
}

const PYTHON = `
import socket, ssl, sys
with socket.create_connection(('127.0.0.1', int(sys.argv[1]))) as plain:
    ssl.create_default_context().wrap_socket(plain, server_hostname='localhost').close()
`;

const GET = {
  requests: `
import requests, sys
requests.get(f'https://localhost:{sys.argv[1]}/')
`,
  pip: `
import sys
from pip._internal.network.session import PipSession
PipSession(retries=0).get(f'https://localhost:{sys.argv[1]}/')
`,
  node: `
const failed = (error) => { console.error(error.code); process.exitCode = 1; };
require('node:https').get('https://localhost:' + process.argv[1] + '/', (answer) => answer.destroy()).on('error', failed);
`,
};

/** Where Java and its libraries are in a tree. It finds them by itself only with /proc; up to Java 11, one is in jli. */
const JAVA = '/usr/lib/jvm/java';
const inJava = (program: string) => [
  '/usr/bin/env',
  `LD_LIBRARY_PATH=${JAVA}/lib:${JAVA}/lib/jli`,
  `${JAVA}/bin/${program}`,
];

/** Real clients of a Debian tree, by their names in the map. */
export const REAL_CLIENTS = {
  openssl: {
    command: (port) => [
      'openssl',
      's_client',
      '-connect',
      `127.0.0.1:${port}`,
      '-servername',
      'localhost',
      '-verify_return_error',
      '-brief',
    ],
    refusal: /certificate verify failed/,
  },
  curl: {
    command: (port) => ['curl', '-sS', '--resolve', `localhost:${port}:127.0.0.1`, `https://localhost:${port}/`],
    refusal: /curl: \(60\)/,
  },
  git: {
    command: (port) => ['git', 'ls-remote', `https://localhost:${port}/repository`],
    refusal: /certificate verification failed|server verification failed/i,
  },
  python: { command: (port) => ['python3', '-c', PYTHON, String(port)], refusal: /CERTIFICATE_VERIFY_FAILED/ },
  requests: { command: (port) => ['python3', '-c', GET.requests, String(port)], refusal: /CERTIFICATE_VERIFY_FAILED/ },
  pip: { command: (port) => ['python3', '-c', GET.pip, String(port)], refusal: /CERTIFICATE_VERIFY_FAILED/ },
  node: { command: (port) => ['/usr/local/bin/node', '-e', GET.node, String(port)], refusal: /UNABLE_TO_VERIFY_LEAF/ },
  java: {
    command: (port) => [...inJava('java'), '/tmp/AskServer.java', String(port)],
    refusal: /unable to find valid certification path/,
  },
} as const satisfies Readonly<Record<string, RealClient>>;
export type RealClientId = keyof typeof REAL_CLIENTS;

/**
 * Reports whether a client in a tree trusts a server.
 * @param variables what it gets in its environment
 * @throws Error if it fails for another reason
 */
export async function trusts(
  tree: string,
  client: RealClientId,
  port: number,
  variables: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const { command, refusal } = REAL_CLIENTS[client];
  const { exitCode, all } = await execa('/usr/sbin/chroot', [tree, ...command(port)], {
    extendEnv: false,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C', ...variables },
    reject: false,
    all: true,
    input: '',
  });
  if (exitCode === 0) return true;
  if (refusal.test(all)) return false;
  throw new Error(`${client}: ${all}`);
}

/** Copies programs of this machine, with their libraries, into the tree of another of the same suite. */
export async function addPrograms(tree: string, programs: readonly string[]): Promise<void> {
  for (const program of programs) {
    const { stdout } = await execa('ldd', [program]);
    const libraries = [...stdout.matchAll(/(\/\S+) \(/g)].map((match) => match[1] ?? '');
    for (const file of [program, ...libraries]) {
      await execa('sh', [
        '-c',
        '[ -e "$1$2" ] || cp --dereference "$2" "$1$2"',
        'sh',
        tree,
        file.replace(/^\/lib/, '/usr/lib'),
      ]);
    }
  }
}

/**
 * Makes a tree of a suite of Debian that has its own curl, git, Python, pip and Java, and this Node. It goes away with the
 * test. Needs root, and on the first use of a suite minutes.
 */
export async function createClientTree(suite: string): Promise<string> {
  const script = path.resolve('test/services/distributions/client-tree.sh');
  const { stdout: tree } = await execa('sh', [script, suite], { stderr: 'ignore' });
  const folder = await temporaryFolder();
  for (const name of ['root', 'upper', 'work']) await mkdir(path.join(folder, name));
  const root = path.join(folder, 'root');
  const layers = `lowerdir=${tree},upperdir=${folder}/upper,workdir=${folder}/work`;
  await execa('mount', ['-t', 'overlay', 'overlay', '-o', layers, root]);
  onTestFinished(async () => void (await execa('umount', ['--lazy', root])));
  // Before glibc 2.34, only this file knows the name.
  await writeFile(path.join(root, 'etc/hosts'), '127.0.0.1 localhost\n');
  await addAskers(root);
  return root;
}

/** Copies what has a store of its own from this machine, which is Debian 12: pip of its package, Java, and this Node. */
export async function addOwnStores(tree: string): Promise<void> {
  const java = path.dirname(path.dirname(await realpath('/usr/bin/java')));
  const copied = ['/usr/lib/python3/dist-packages/pip', '/etc/java-17-openjdk', '/etc/ssl/certs/java'];
  for (const each of copied) await cp(each, tree + each, { recursive: true, verbatimSymlinks: true });
  await cp(java, tree + JAVA, { recursive: true, verbatimSymlinks: true });
  await addAskers(tree);
}

async function addAskers(tree: string): Promise<void> {
  await cp('test/services/distributions/AskServer.java', `${tree}/tmp/AskServer.java`);
  await mkdir(`${tree}/usr/local/bin`, { recursive: true });
  await cp(process.execPath, `${tree}/usr/local/bin/node`, { dereference: true });
}

/** Adds a CA certificate to Java's key store in a tree, as the program says that one has to. @param file of the tree */
export async function importIntoJava(tree: string, file: string): Promise<void> {
  const words = ['-importcert', '-noprompt', '-cacerts', '-storepass', 'changeit', '-alias', 'corp', '-file', file];
  await execa('/usr/sbin/chroot', [tree, ...inJava('keytool'), ...words], { extendEnv: false, env: { HOME: '/root' } });
}
