import { readFile, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../../programs/index.ts';
import { isOurProgram } from './identify.ts';

/** A running process. */
interface RunningProcess {
  readonly parent: number;
  /** Its command line. */
  readonly words: readonly string[];
  /** Its working directory, if known. */
  readonly folder: string;
}

/** Looks at a process. Returns `undefined` if it has ended, or may not be seen. */
export type LookAt = (processId: number, signal: AbortSignal) => Promise<RunningProcess | undefined>;

/** How far to look. A chain of shells and wrappers is shorter. */
const MAX_ANCESTORS = 64;

/** How many words of a command line to look at: an interpreter and a few options precede the program. */
const MAX_WORDS = 6;

/**
 * Reports whether this process was started by another one of this program, directly or not. It looks at the processes
 * themselves, since a wrapper may start us with an empty environment.
 */
export async function hasOurAncestor(
  signal: AbortSignal,
  lookAt: LookAt = process.platform === 'linux' ? lookInProc : askPs,
): Promise<boolean> {
  let processId = process.ppid;
  for (let count = 0; count < MAX_ANCESTORS && processId > 1; count++) {
    const found = await lookAt(processId, signal);
    if (!found) return false;
    if (await runsOurProgram(found)) return true;
    processId = found.parent;
  }
  return false;
}

async function runsOurProgram({ words, folder }: RunningProcess): Promise<boolean> {
  for (const word of words.slice(0, MAX_WORDS).filter((each) => each.includes('/'))) {
    const file = await realpath(path.resolve(folder, word)).catch(() => undefined);
    if (file !== undefined && (await isOurProgram(file))) return true;
  }
  return false;
}

/** Looks at a process in Linux's `/proc` (proc(5)). */
export const lookInProc: LookAt = async (processId) => {
  const at = (name: string) => `/proc/${processId}/${name}`;
  try {
    const [stat, commandLine] = await Promise.all([readFile(at('stat'), 'utf8'), readFile(at('cmdline'), 'utf8')]);
    // The second field is the name in parentheses, and may contain any character.
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const folder = await readlink(at('cwd')).catch(() => '/');
    return { parent: Number(parent), words: commandLine.split('\0'), folder };
  } catch {
    return undefined;
  }
};

/** Asks `ps` about a process (POSIX). It separates words by spaces, so that paths with a space are not recognized. */
export const askPs: LookAt = async (processId, signal) => {
  const args = ['-o', 'ppid=', '-o', 'args=', '-p', String(processId)];
  const { stdout } = await runProgram('ps', args, { signal }).catch(() => ({ stdout: '' }));
  const [, parent, commandLine = ''] = /^\s*(\d+)\s+(.*)/.exec(String(stdout)) ?? [];
  return parent === undefined ? undefined : { parent: Number(parent), words: commandLine.split(' '), folder: '/' };
};
