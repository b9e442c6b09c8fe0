import { execa } from 'execa';

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
} as const satisfies Readonly<Record<string, RealClient>>;
export type RealClientId = keyof typeof REAL_CLIENTS;

/**
 * Reports whether a client in a tree trusts a server.
 * @throws Error if it fails for another reason
 */
export async function trusts(tree: string, client: RealClientId, port: number): Promise<boolean> {
  const { command, refusal } = REAL_CLIENTS[client];
  const { exitCode, all } = await execa('/usr/sbin/chroot', [tree, ...command(port)], {
    extendEnv: false,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C' },
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
