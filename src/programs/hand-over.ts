import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { execa } from 'execa';
import { environmentForSpaceliftCli } from './environment.ts';
import { missing } from './run.ts';

/**
 * Runs Spacelift's own CLI in place of this one: with the same terminal and arguments, and the environment without our
 * secrets.
 *
 * The terminal sends Ctrl-C to both processes, and the other one handles it. A signal sent only to this process is
 * forwarded.
 *
 * @param additional environment variables to add
 * @returns the exit code to end with: 128 + the signal's number if a signal ended the other program
 * @throws UserError `SPACECTL_PROGRAM_MISSING`
 */
export async function handOver(
  program: string,
  args: readonly string[],
  additional: Readonly<Record<string, string>>,
): Promise<number> {
  // Some streams may be redirected: one that is a terminal is enough.
  const isTerminal = [0, 1, 2].some((stream) => isatty(stream));
  // The handlers are set before the start, so that an early signal does not end only this process.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const) {
    const isSentToBoth = isTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    process.on(signal, () => isSentToBoth || child.kill(signal));
  }
  const env = environmentForSpaceliftCli(additional);
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
