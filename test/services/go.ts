import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { CACHE, temporaryFolder } from './temporary.ts';

/**
 * Compiles a Go program that uses the standard library only, unless this source was compiled before.
 * @param packagePath the package that the binary says it is of; its last part is the name of the binary
 * @param goRoot of another Go than the one on the `PATH`
 * @returns the path of the binary
 */
export async function buildGo(source: string, packagePath: string, goRoot?: string): Promise<string> {
  const name = path.posix.basename(packagePath);
  const digest = createHash('sha256')
    .update(`${packagePath}\n${goRoot ?? ''}`)
    .update(await readFile(source));
  const folder = path.join(CACHE, `go-${name}-${digest.digest('hex').slice(0, 16)}`);
  const program = path.join(folder, name);
  const isBuilt = await access(program).then(
    () => true,
    () => false,
  );
  if (isBuilt) return program;
  const work = await temporaryFolder();
  const sources = path.join(work, 'src', packagePath);
  await mkdir(sources, { recursive: true });
  await copyFile(source, path.join(sources, 'main.go'));
  const env = {
    GO111MODULE: 'off',
    GOPATH: work,
    GOFLAGS: '',
    CGO_ENABLED: '0',
    GOCACHE: path.join(CACHE, 'go-build'),
    GOTOOLCHAIN: 'local',
    ...(goRoot !== undefined && { GOROOT: goRoot, GO111MODULE: 'on' }),
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const built = `${program}.${process.pid}`;
  const go = goRoot === undefined ? 'go' : path.join(goRoot, 'bin', 'go');
  if (goRoot !== undefined) {
    // Without go.mod, a program gets the defaults of Go 1.20, whatever compiles it (go.dev/doc/godebug).
    const { stdout: version } = await execa(go, ['env', 'GOVERSION'], { env });
    const [, language = ''] = /^go(1\.\d+)/.exec(version) ?? [];
    await writeFile(path.join(sources, 'go.mod'), `module ${packagePath}\n\ngo ${language}\n`);
  }
  await execa(go, ['build', '-trimpath', '-ldflags=-s -w', '-o', built, packagePath], { env, cwd: sources });
  await rename(built, program);
  return program;
}
