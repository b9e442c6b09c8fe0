import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, realpath, rename } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';
import { execa, type Options } from 'execa';
import { spacectl } from '../program.ts';
import { LINUX } from '../programs.ts';
import { CACHE, temporaryFolder } from '../temporary.ts';

/** What a test needs for the fault library, for `testWith`. */
export const FAULT_NEEDS = ['gcc', LINUX] as const;

/** The names under which calls are counted: `fsync` is fdatasync, too, and `chmod` is fchmod. */
export type CallName =
  | ('open' | 'write' | 'fsync' | 'close' | 'rename' | 'link' | 'symlink' | 'unlink' | 'mkdir' | 'rmdir')
  | ('chmod' | 'chown' | 'truncate' | 'utime' | 'read');

/** What goes wrong with one call. */
export interface Fault {
  /** Which call, from 1. */
  readonly at: number;
  /** An error's name; `short`: a write takes half of the bytes; `kill-…`: SIGKILL right before or after the call. */
  readonly kind: `E${string}` | 'short' | 'short-kill' | 'kill-before' | 'kill-after';
  /** Counts only calls with these names. */
  readonly calls?: readonly CallName[];
  /** Whether all later calls meet it, too, as on a full disk. */
  readonly isSticky?: boolean;
  /** Whether opening for reading and reading count. */
  readonly countsReads?: boolean;
}

/** One call that changes files. */
export interface FileCall {
  readonly number: number;
  readonly name: CallName;
  /** Absolute. For a call on an open file, the path that it has now. */
  readonly path: string;
  /** Where a rename or link leads to. */
  readonly to?: string;
  /** How it is opened: `read`, `write`, `create`, `exclusive`, `truncate`, `append`, `nofollow`. */
  readonly flags: readonly string[];
  /** The permission bits given to open, mkdir or chmod. */
  readonly mode?: number;
  /** How many bytes a write was given, or the size that truncate sets. */
  readonly bytes?: number;
  /** Whether the fault met it. */
  readonly isFaulty: boolean;
  /** Why the call itself failed, such as `EEXIST`; absent if it succeeded, or met the fault instead. */
  readonly error?: string;
}

/** The library loaded into a program: its environment, and what it has logged so far. */
export interface LoadedFault {
  readonly environment: Readonly<Record<string, string>>;
  /** The calls in their order; none if the program did not start. */
  calls(): Promise<readonly FileCall[]>;
}

/**
 * Prepares the environment in which a program meets a fault, or only has its calls logged. Applies to that process, and
 * not to those that it starts.
 * @param below the directory whose files count; it must exist
 */
export async function loadFault(below: string, fault?: Fault): Promise<LoadedFault> {
  const log = path.join(await temporaryFolder(), 'calls');
  return {
    environment: {
      LD_PRELOAD: await compileLibrary(),
      // libuv would hand file operations to the kernel without a call of libc.
      UV_USE_IO_URING: '0',
      FAULT_BELOW: await realpath(below),
      FAULT_LOG: log,
      ...(fault && { FAULT_AT: String(fault.at), FAULT_KIND: fault.kind }),
      ...(fault?.calls && { FAULT_CALLS: fault.calls.join(',') }),
      ...(fault?.isSticky && { FAULT_STICKY: '1' }),
      ...(fault?.countsReads && { FAULT_READS: '1' }),
    },
    calls: async () => parseLog(await readFile(log, 'utf8').catch(() => '')),
  };
}

/** Runs the built program with a fault, or without one to see which calls there are. */
export async function spacectlWithFault(
  args: readonly string[],
  {
    below,
    fault,
    ...options
  }: Options & { readonly below: string; readonly fault?: Fault; readonly env?: Record<string, string> },
) {
  const loaded = await loadFault(below, fault);
  const run = await spacectl(args, { ...options, env: { ...options.env, ...loaded.environment } });
  return { run, calls: await loaded.calls() };
}

const ERRORS = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** Parses lines of number, name, path, second path, flags and settings, mark; or number, `failed` and errno. */
function parseLog(log: string): readonly FileCall[] {
  const lines = log
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
  const failures = new Map(lines.flatMap(([number, name, errno]) => (name === 'failed' ? [[number, errno]] : [])));
  return lines
    .filter(([, name]) => name !== 'failed')
    .map(([number = '', name = '', file = '', to = '', detail = '', mark]) => {
      const [flags = '', ...settings] = detail.split(' ');
      const { mode, bytes } = Object.fromEntries(settings.map((setting) => setting.split('=')));
      return {
        number: Number(number),
        name: name as CallName,
        path: file,
        ...(to && { to }),
        flags: flags.split(',').filter(Boolean),
        ...(mode && { mode: Number.parseInt(mode, 8) }),
        ...(bytes && { bytes: Number(bytes) }),
        isFaulty: mark === 'fault',
        ...(failures.has(number) && { error: ERRORS.get(Number(failures.get(number))) ?? 'unknown' }),
      };
    });
}

/** Compiles the library, unless these sources were compiled before. @returns its path */
async function compileLibrary(): Promise<string> {
  const folder = path.resolve('test/services/fault-library');
  const names = (await readdir(folder)).filter((name) => /\.[ch]$/.test(name)).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(await readFile(path.join(folder, name)));
  const library = path.join(CACHE, `fault-library-${hash.digest('hex').slice(0, 16)}.so`);
  const isCompiled = await access(library).then(
    () => true,
    () => false,
  );
  if (isCompiled) return library;
  await mkdir(CACHE, { recursive: true, mode: 0o700 });
  const built = `${library}.${process.pid}`;
  const sources = names.filter((name) => name.endsWith('.c')).map((name) => path.join(folder, name));
  const flags = ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror'];
  await execa('gcc', [...flags, '-o', built, ...sources, '-ldl']);
  await rename(built, library);
  return library;
}
