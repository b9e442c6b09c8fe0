import { execa } from 'execa';
import { buildGo } from '../go.ts';

/** What Go reads from a file: SHA-256 of each block that it parses as a certificate, and of those that are certificates. */
interface ReadByGo {
  readonly blocks: readonly string[];
  readonly certificates: readonly string[];
}

/** What Go reads from each file. */
export async function bundlesOfGo(files: readonly string[]): Promise<readonly ReadByGo[]> {
  const program = await buildGo('test/services/pem-readers/main.go', 'pem-readers');
  const { stdout } = await execa(program, files);
  return stdout.split('\n').map((line) => {
    const marked = line.split(' ').filter(Boolean);
    const certificates = marked.filter((each) => !each.endsWith('!'));
    return { blocks: marked.map((each) => each.replace('!', '')), certificates };
  });
}

/** What OpenSSL reads from each file, as Python's ssl loads it. */
export async function bundlesOfOpenssl(
  files: readonly string[],
): Promise<readonly { readonly count: number; readonly authorities: readonly string[] }[]> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
  const { stdout } = await execa('python3', ['-I', 'test/services/pem-readers/openssl.py', ...files], {
    env,
    extendEnv: false,
  });
  return stdout.split('\n').map((line) => {
    const [count, ...authorities] = line.split(' ');
    return { count: Number(count), authorities };
  });
}
