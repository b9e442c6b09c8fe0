import { link, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { buildGo } from '../go.ts';

const CHROOT = '/usr/sbin/chroot';

/** Programs that run in the root directory of another system, which has none of their libraries. */
export interface RealReaders {
  /** Puts them into a tree. */
  addTo(tree: string): Promise<void>;
}

/** A server, by its port on loopback and its name. */
export interface Server {
  readonly port: number;
  readonly name: string;
}

const FOLDER = '/readers';

/** Collects Go's reader and this system's OpenSSL in a folder on the same file system as the trees. */
export async function collectReaders(folder: string): Promise<RealReaders> {
  const go = await buildGo('test/services/system-trust/main.go', 'system-trust');
  const { stdout } = await execa('ldd', ['/usr/bin/openssl']);
  const libraries = [...stdout.matchAll(/(\/\S+) \(/g)].map((match) => match[1] ?? '');
  const files = [go, '/usr/bin/openssl', ...libraries];
  await execa('cp', ['--dereference', ...files, folder]);
  return {
    async addTo(tree) {
      await mkdir(tree + FOLDER, { recursive: true });
      for (const each of files.map((file) => path.basename(file))) {
        await link(path.join(folder, each), path.join(tree + FOLDER, each));
      }
    },
  };
}

/** Reports whether Go, with the certificates that it finds in a tree, trusts a server. */
export async function isTrustedByGo(
  tree: string,
  { port, name }: Server,
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  return succeeds(tree, [`${FOLDER}/system-trust`, `127.0.0.1:${port}`, name], environment);
}

/**
 * Reports whether OpenSSL trusts a server.
 * @param builtToRead the file that the tree's OpenSSL was built to read. This system's OpenSSL gets it, and the directory
 *   beside it, in variables: the library does the same with both (crypto/x509/by_file.c, by_dir.c)
 */
export async function isTrustedByOpenssl(
  tree: string,
  { port, name }: Server,
  builtToRead: string,
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const own = { SSL_CERT_FILE: builtToRead, SSL_CERT_DIR: path.posix.join(builtToRead, '../certs') };
  const program = [`${FOLDER}/ld-linux-x86-64.so.2`, '--library-path', FOLDER, `${FOLDER}/openssl`];
  const server = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', name, '-verify_return_error', '-brief'];
  return succeeds(tree, [...program, ...server], { ...own, ...environment });
}

async function succeeds(
  tree: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  // The variables of this machine name files of their own.
  const { exitCode, stdout, stderr } = await execa(CHROOT, [tree, ...command], {
    extendEnv: false,
    env,
    reject: false,
    input: '',
  });
  if (exitCode === 0) return true;
  // Anything else would be a mistake of the test.
  if (/unknown authority|certificate verify failed|unable to get local issuer|self-signed/i.test(`${stdout}${stderr}`))
    return false;
  throw new Error(`${command.join(' ')} failed: ${stdout}${stderr}`);
}
