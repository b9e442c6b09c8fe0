import { constants } from 'node:os';
import { execa } from 'execa';
import { missing } from './run.ts';

/**
 * Runs another program in our place: with our terminal, our whole environment and the arguments as they are.
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
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const isTerminal = process.stdin.isTTY === true;
  // Before it is started: a signal that comes at once must not end us and leave it behind.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const) {
    const isSentToBoth = isTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    process.on(signal, () => isSentToBoth || child.kill(signal));
  }
  const child = execa(program, args, { reject: false, stdio: 'inherit', env: environment, forceKillAfterDelay: false });
  const { exitCode, signal, code, ...rest } = await child;
  if (code === 'ENOENT' || code === 'EACCES') throw missing(program, rest);
  return exitCode ?? 128 + (signal ? constants.signals[signal] : 0);
}
