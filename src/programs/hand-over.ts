import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { execa } from 'execa';
import { environmentForNamesake } from './environment.ts';
import { missing } from './run.ts';

/**
 * Runs another program of our name in our place: with our terminal, the arguments as they are, and our environment
 * without our secrets.
 *
 * The terminal sends Ctrl-C to both of us, and what it means is the other's business; a signal that is sent to us alone
 * is passed on.
 *
 * @returns the exit code to end with; 128 + the signal's number where it was ended by one
 * @throws UserError `SPACECTL_PROGRAM_MISSING`
 */
export async function handOver(
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<number> {
  // Whatever is redirected: one of them tells that we are run by hand.
  const isTerminal = [0, 1, 2].some((stream) => isatty(stream));
  // Before it is started: a signal that comes at once must not end us and leave it behind.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const) {
    const isSentToBoth = isTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    process.on(signal, () => isSentToBoth || child.kill(signal));
  }
  const env = environmentForNamesake(more);
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
