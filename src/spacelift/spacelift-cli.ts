import { constants } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { readJson } from '../core/json.ts';

/** Commands that only Spacelift's CLI of the same name has, from its documentation. */
export const SPACELIFT_CLI_COMMANDS: readonly string[] = [
  'ai',
  'api',
  'audit-trail',
  'blueprint',
  'completion',
  'context',
  'external-dependency',
  'mcp',
  'module',
  'policy',
  'provider',
  'run',
  'run-external-dependency',
  'stack',
  'template',
];

/** How to install Spacelift's CLI. */
export const SPACELIFT_CLI_INSTALL: readonly string[] = [
  'brew install spacelift-io/spacelift/spacectl',
  'Or download it from https://github.com/spacelift-io/spacectl/releases to a folder that comes after this program on the PATH',
];

/** A program called `spacectl` on the `PATH`. */
export interface NamedSpacectl {
  readonly path: string;
  /** The path with all links resolved. */
  readonly realPath: string;
  /** Whether it is a copy of this program rather than Spacelift's CLI. */
  readonly isOurs: boolean;
}

/** Finds every program called `spacectl`, in the order of the `PATH`. Skips relative folders. */
export async function findSpacectls(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly NamedSpacectl[]> {
  const folders = new Set(
    (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
  );
  const name = process.platform === 'win32' ? 'spacectl.exe' : 'spacectl';
  const found = await Promise.all([...folders].map((folder) => inspectProgram(path.join(folder, name))));
  return found.filter((each) => each !== undefined);
}

/**
 * Finds Spacelift's CLI on the `PATH`.
 * @param without paths to skip: programs that called us back before
 */
export async function findSpaceliftCli(
  environment: Readonly<Record<string, string | undefined>>,
  without: readonly string[] = [],
): Promise<string | undefined> {
  const others = (await findSpacectls(environment)).filter(
    ({ isOurs, realPath }) => !isOurs && !without.includes(realPath),
  );
  return others[0]?.path;
}

async function inspectProgram(file: string): Promise<NamedSpacectl | undefined> {
  try {
    await access(file, constants.X_OK);
    if (!(await stat(file)).isFile()) return undefined;
    const realPath = await realpath(file);
    return { path: file, realPath, isOurs: await isOurProgram(realPath) };
  } catch {
    return undefined;
  }
}

const packageSchema = v.looseObject({
  name: v.optional(v.unknown()),
  oclif: v.optional(v.looseObject({ bin: v.optional(v.unknown()) })),
});

/** Reports whether a file is this program: it is in dist/ below our package.json. Spacelift's CLI is a single binary. */
async function isOurProgram(realPath: string): Promise<boolean> {
  try {
    const file = path.join(path.dirname(path.dirname(realPath)), 'package.json');
    const { name, oclif } = readJson(packageSchema, await readFile(file, 'utf8'));
    return name === 'spacectl' && oclif?.bin === 'spacectl';
  } catch {
    return false;
  }
}
