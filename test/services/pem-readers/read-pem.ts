import { execa } from 'execa';
import { buildGo } from '../go.ts';

/** The SHA-256 of each block that Go takes for a certificate, for each file. */
export async function pemBlocksOfGo(files: readonly string[]): Promise<readonly (readonly string[])[]> {
  const program = await buildGo('test/services/pem-readers/main.go', 'pem-readers');
  const { stdout } = await execa(program, files);
  return stdout.split('\n').map((line) => line.split(' ').filter(Boolean));
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
