import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { HANDED_OVER, runProgram } from '../../programs/index.ts';
import { hasOurAncestor } from './ancestors.ts';
import { identifySpacectl, type SpacectlKind } from './identify.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A program called `spacectl` on the `PATH`. */
export interface NamedSpacectl {
  readonly path: string;
  readonly kind: SpacectlKind;
}

/** Finds every program called `spacectl`, in the order of the `PATH`. Skips relative folders. Runs none of them. */
export async function findSpacectls(environment: Environment): Promise<readonly NamedSpacectl[]> {
  const folders = new Set(
    (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
  );
  const name = process.platform === 'win32' ? 'spacectl.exe' : 'spacectl';
  const found = await Promise.all([...folders].map((folder) => inspectProgram(path.join(folder, name))));
  return found.filter((each) => each !== undefined);
}

/**
 * Finds Spacelift's CLI on the `PATH`: its binary, or another program that says that it is Spacelift's CLI, such as a shim
 * of asdf. Such a program may lead back to us, so it is not used if we were started by ourselves.
 * @throws UserError `SPACECTL_INTERRUPTED`
 */
export async function findSpaceliftCli(environment: Environment, signal: AbortSignal): Promise<string | undefined> {
  let isNested: boolean | undefined;
  for (const { path: file, kind } of await findSpacectls(environment)) {
    if (kind === 'spacelift') return file;
    if (kind === 'ours') continue;
    isNested ??= Boolean(environment[HANDED_OVER]) || (await hasOurAncestor(signal));
    if (!isNested && (await saysItIsSpaceliftCli(file, signal))) return file;
  }
  return undefined;
}

async function inspectProgram(file: string): Promise<NamedSpacectl | undefined> {
  try {
    await access(file, constants.X_OK);
    if (!(await stat(file)).isFile()) return undefined;
    // A program may be executable without being readable.
    return { path: file, kind: await identifySpacectl(await realpath(file)).catch(() => 'other' as const) };
  } catch {
    return undefined;
  }
}

/** Milliseconds for printing a version. */
const VERSION_TIMEOUT = 10_000;

/**
 * Asks a program for its version. Spacelift's CLI says "spacectl version 1.22.0" (urfave/cli@v3.9.1, help.go); this
 * program says "spacectl/0.1.0 …". With credentials, Spacelift's CLI would first log in (main.go), so it gets none.
 */
async function saysItIsSpaceliftCli(file: string, signal: AbortSignal): Promise<boolean> {
  const environment = { SPACELIFT_CONFIG_DIR: devNull, [HANDED_OVER]: '1' };
  try {
    const { exitCode, stdout } = await runProgram(file, ['--version'], {
      signal,
      environment,
      timeout: VERSION_TIMEOUT,
    });
    return exitCode === 0 && /^spacectl version \S+\s*$/m.test(stdout.toString('utf8'));
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error;
    return false;
  }
}
