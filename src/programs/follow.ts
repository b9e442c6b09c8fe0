import { execa } from 'execa';
import { abortReason, UserError } from '../core/errors.ts';
import { finishBeforeExit } from '../core/finish-before-exit.ts';
import { traceProgram } from '../core/trace.ts';
import { environmentFor } from './environment.ts';
import { endedWithoutCode, missing } from './failure.ts';
import { closePipesAfterExit } from './limits.ts';
import type { ProgramOptions } from './run.ts';

/** How a program ended, and what it wrote. */
export interface Followed {
  readonly exitCode: number;
  /** Lines of stdout and stderr, in the order in which they came; only the last `MAX_LINES` are kept. */
  readonly lines: readonly string[];
}

/** How many lines are kept: a large Terraform plan has several thousand. */
const MAX_LINES = 20_000;

/**
 * Runs a program that changes something elsewhere, and reports each line that it writes. There is no time limit. The
 * program gets neither a terminal nor our secrets, and has a process group of its own. When the user cancels, it gets one
 * SIGINT, and we wait until it ends. Terraform finishes what it is changing. (A terminal would send a second one, at which
 * Terraform loses state: hashicorp/terraform, internal/command/views/operation.go, `fatalInterrupt`.) Ansible ends at once,
 * and what it has started on a host goes on there (seen with 2.14).
 *
 * @param onLine receives each line, without its end
 * @throws UserError `SPACECTL_PROGRAM_MISSING`; `SPACECTL_PROGRAM_FAILED` if a signal ended it; `SPACECTL_INTERRUPTED`
 */
export function followProgram(
  program: string,
  args: readonly string[],
  onLine: (line: string) => void,
  { signal, input, environment, folder }: Omit<ProgramOptions, 'timeout'>,
): Promise<Followed> {
  return finishBeforeExit(async () => {
    if (signal.aborted) throw abortReason(signal);
    traceProgram(program, args);
    const child = execa(program, args, {
      reject: false,
      all: true,
      buffer: false,
      extendEnv: false,
      env: environmentFor(environment),
      detached: process.platform !== 'win32',
      forceKillAfterDelay: false,
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      ...(folder !== undefined && { cwd: folder }),
    });
    closePipesAfterExit(child);
    const stop = () => void child.kill('SIGINT');
    signal.addEventListener('abort', stop);
    const lines: string[] = [];
    try {
      for await (const line of child.iterable({ from: 'all' })) {
        lines.push(line);
        if (lines.length > MAX_LINES) lines.shift();
        onLine(line);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
    const result = await child;
    if (signal.aborted) throw stopped(program);
    if (result.code === 'ENOENT' || result.code === 'EACCES') throw missing(program, result);
    if (result.exitCode === undefined) throw endedWithoutCode(program, result);
    return { exitCode: result.exitCode, lines };
  }, `Waiting for ${program} to stop`);
}

/** Says no more than is known: what the program was doing elsewhere may be done in part. */
function stopped(program: string): UserError {
  return new UserError('SPACECTL_INTERRUPTED', `Interrupted: ${program} was stopped before it was done`, {
    suggestions: ['Run the same command again to continue'],
  });
}
