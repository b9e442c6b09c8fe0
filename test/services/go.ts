import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { CACHE, temporaryFolder } from './temporary.ts';

/**
 * Compiles a Go program that uses the standard library only, unless this source was compiled before.
 * @param packagePath the package that the binary says it is of; its last part is the name of the binary
 * @returns the path of the binary
 */
export async function buildGo(source: string, packagePath: string): Promise<string> {
  const name = path.posix.basename(packagePath);
  const digest = createHash('sha256')
    .update(`${packagePath}\n`)
    .update(await readFile(source));
  const folder = path.join(CACHE, `go-${name}-${digest.digest('hex').slice(0, 16)}`);
  const program = path.join(folder, name);
  const isBuilt = await access(program).then(
    () => true,
    () => false,
  );
  if (isBuilt) return program;
  const work = await temporaryFolder();
  await mkdir(path.join(work, 'src', packagePath), { recursive: true });
  await copyFile(source, path.join(work, 'src', packagePath, 'main.go'));
  const env = {
    GO111MODULE: 'off',
    GOPATH: work,
    GOFLAGS: '',
    CGO_ENABLED: '0',
    GOCACHE: path.join(CACHE, 'go-build'),
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const built = `${program}.${process.pid}`;
  await execa('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', built, packagePath], { env });
  await rename(built, program);
  return program;
}
