import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { PROGRAM } from '../program.ts';
import { temporaryFolder } from '../temporary.ts';

/** A path of this machine as Wine's Windows has it. */
export function windowsPath(file: string): string {
  return `Z:${path.resolve(file).replaceAll('/', '\\')}`;
}

let folder: Promise<string> | undefined;

/** The folder with Windows' Node, which is made at first use. */
function windowsFolder(): Promise<string> {
  folder ??= execa('sh', ['test/services/windows.sh']).then((made) => made.stdout.trim());
  return folder;
}

/** Runs the built program on Windows' own Node. What it keeps for its user goes to a folder of the test. */
export async function spacectlOnWindows(
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<{ readonly exitCode: number | null; readonly stdout: Buffer; readonly stderr: string }> {
  const windows = await windowsFolder();
  const home = await temporaryFolder();
  // Node does not take a pipe of Wine's: EBADF.
  const files = { stdout: path.join(home, 'stdout'), stderr: path.join(home, 'stderr') };
  const [stdout, stderr] = await Promise.all([open(files.stdout, 'w'), open(files.stderr, 'w')]);
  try {
    const child = spawn('wine', [path.join(windows, 'node.exe'), windowsPath(PROGRAM), ...args], {
      cwd,
      stdio: ['ignore', stdout.fd, stderr.fd],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        WINEPREFIX: path.join(windows, 'prefix'),
        WINEDEBUG: '-all',
        NODE_SKIP_PLATFORM_CHECK: '1',
        NO_COLOR: '1',
        XDG_CACHE_HOME: windowsPath(path.join(home, 'cache')),
        XDG_STATE_HOME: windowsPath(path.join(home, 'state')),
        SPACELIFT_CONFIG_DIR: windowsPath(path.join(home, 'spacelift')),
        ...env,
      },
    });
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    return { exitCode, stdout: await readFile(files.stdout), stderr: await readFile(files.stderr, 'utf8') };
  } finally {
    await Promise.all([stdout.close(), stderr.close()]);
  }
}
