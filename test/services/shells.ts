import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentOf, PROGRAM, spacectl } from './program.ts';
import { temporaryFolder } from './temporary.ts';

/** A directory in which a shell completes, with the program on its `PATH`. */
export interface ShellPlace {
  readonly cwd: string;
  /** The file with the completion. */
  readonly script: string;
  readonly env: Record<string, string>;
}

/** Makes a directory with files to choose from, and the completion for a shell. */
export async function placeFor(shell: string, env: Readonly<Record<string, string>> = {}): Promise<ShellPlace> {
  const cwd = await temporaryFolder();
  const bin = path.join(await temporaryFolder(), 'bin');
  await mkdir(bin);
  await mkdir(path.join(cwd, 'certificates'));
  for (const name of ['corp.pem', 'second root.pem', 'notes.txt']) await writeFile(path.join(cwd, name), '');
  await writeFile(path.join(bin, 'spacectl'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  await chmod(path.join(bin, 'spacectl'), 0o755);
  const script = path.join(bin, shell === 'zsh' ? '_spacectl' : `spacectl.${shell}`);
  const { stdout } = await spacectl(['completion', shell]);
  await writeFile(script, `${stdout}\n`);
  const PATH = `${bin}:${process.env['PATH']}`;
  return { cwd, script, env: withoutUndefined({ ...environmentOf(), HOME: cwd, PATH, XDG_CACHE_HOME: bin, ...env }) };
}

function withoutUndefined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
