import { constants } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** Commands that the vendor's CLI of the same name has and we have not, as its documentation lists them. */
export const VENDOR_COMMANDS: readonly string[] = [
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

/** How to get it. */
export const VENDOR_INSTALL: readonly string[] = [
  'brew install spacelift-io/spacelift/spacectl',
  "or put the release of https://github.com/spacelift-io/spacectl/releases on the PATH, in a folder after this program's",
];

/** A program called `spacectl` on the `PATH`. */
export interface NamedSpacectl {
  readonly path: string;
  /** Where links lead. */
  readonly realPath: string;
  /** Whether it is this program (any copy of it), and not the vendor's. */
  readonly isOurs: boolean;
}

/** Every program called `spacectl`, in the order of the `PATH`. Folders that are not absolute are not looked into. */
export async function findSpacectls(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly NamedSpacectl[]> {
  const folders = new Set(
    (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
  );
  const name = process.platform === 'win32' ? 'spacectl.exe' : 'spacectl';
  const found = await Promise.all([...folders].map((folder) => look(path.join(folder, name))));
  return found.filter((each) => each !== undefined);
}

/**
 * The vendor's CLI, where it is installed.
 * @param without paths it cannot be: those that led back to us before
 */
export async function findVendorCli(
  environment: Readonly<Record<string, string | undefined>>,
  without: readonly string[] = [],
): Promise<string | undefined> {
  const others = (await findSpacectls(environment)).filter(
    ({ isOurs, realPath }) => !isOurs && !without.includes(realPath),
  );
  return others[0]?.path;
}

async function look(file: string): Promise<NamedSpacectl | undefined> {
  try {
    await access(file, constants.X_OK);
    if (!(await stat(file)).isFile()) return undefined;
    const realPath = await realpath(file);
    return { path: file, realPath, isOurs: await isOurProgram(realPath) };
  } catch {
    return undefined;
  }
}

/** Ours lies in dist/, and the package.json above says so; the vendor's is one binary. */
async function isOurProgram(realPath: string): Promise<boolean> {
  try {
    const file = path.join(path.dirname(path.dirname(realPath)), 'package.json');
    const { name, oclif } = JSON.parse(await readFile(file, 'utf8'));
    return name === 'spacectl' && oclif?.bin === 'spacectl';
  } catch {
    return false;
  }
}
