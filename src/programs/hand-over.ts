import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { execa } from 'execa';
import { abortReason } from '../core/errors.ts';
import { traceProgram } from '../core/trace.ts';
import { environmentForSpaceliftCli } from './environment.ts';
import { endedWithoutCode, missing } from './failure.ts';

/** Variable that programs called spacectl get from this one, so that one that leads back to us is not started again. */
export const HANDED_OVER = 'SPACECTL_HANDED_OVER';

/**
 * Runs Spacelift's own CLI in place of this one: with the same terminal and arguments, and the environment without our
 * secrets.
 *
 * The terminal sends Ctrl-C to both processes, and the other one handles it. A signal sent only to this process is
 * forwarded.
 *
 * @returns the exit code to end with: 128 + the signal's number if a signal ended the other program
 * @throws UserError `SPACECTL_PROGRAM_MISSING`
 */
export async function handOver(program: string, args: readonly string[]): Promise<number> {
  traceProgram(program, args);
  // Some streams may be redirected: one that is a terminal is enough.
  const isTerminal = [0, 1, 2].some((stream) => isatty(stream));
  // The handlers are set before the start, so that an early signal does not end only this process.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const) {
    const isSentToBoth = isTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    process.on(signal, () => isSentToBoth || child.kill(signal));
  }
  const env = environmentForSpaceliftCli({ [HANDED_OVER]: '1' });
  const child = execa(program, args, {
    reject: false,
    stdio: 'inherit',
    extendEnv: false,
    env,
    forceKillAfterDelay: false,
  });
  const { exitCode, signal, code, ...rest } = await child;
  if (code === 'ENOENT' || code === 'EACCES') throw missing(program, rest);
  return exitCode ?? 128 + (signal ? constants.signals[signal] : 0);
}

/**
 * Runs Spacelift's own CLI as a part of a command of ours: with the same terminal, but what it prints goes to standard
 * error, since standard output is for our own result.
 *
 * @returns its exit code
 * @throws UserError `SPACECTL_PROGRAM_MISSING`, `SPACECTL_PROGRAM_FAILED`, `SPACECTL_INTERRUPTED`
 */
export async function runOnTerminal(program: string, args: readonly string[], signal: AbortSignal): Promise<number> {
  traceProgram(program, args);
  const result = await execa(program, args, {
    reject: false,
    stdio: ['inherit', 2, 'inherit'],
    extendEnv: false,
    env: environmentForSpaceliftCli({ [HANDED_OVER]: '1' }),
    cancelSignal: signal,
  });
  if (signal.aborted) throw abortReason(signal);
  if (result.code === 'ENOENT' || result.code === 'EACCES') throw missing(program, result);
  if (result.exitCode === undefined) throw endedWithoutCode(program, result);
  return result.exitCode;
}
