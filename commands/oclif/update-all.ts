import { UserError } from '../../src/core/errors.ts';
import { type PoolStatus, type Update, updatesFor } from '../../src/setup/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import { type CommandClass, FOUND_SOMETHING } from './base.ts';

/**
 * Builds again what is stale in a pool's directory, one thing after the other: hosts get the bundle that was just built.
 * @param look finds out where the directory stands now
 * @param isQuiet whether only errors are printed
 * @param answers the file that was given with `--answers`
 * @returns where it stands afterwards
 * @throws UserError if a command fails, for example because the registry cannot be reached
 */
export async function updateAll(
  look: () => Promise<PoolStatus>,
  { values: { dir, offline } }: Answered,
  { isQuiet, answers }: { readonly isQuiet: boolean; readonly answers: unknown },
): Promise<PoolStatus> {
  if (offline) throw new UserError('SPACECTL_BAD_INPUT', '--update and --offline conflict: pass only one');
  const more = [...(isQuiet ? ['--quiet'] : []), ...(typeof answers === 'string' ? ['--answers', answers] : [])];
  const done = new Set<Update>();
  for (;;) {
    const status = await look();
    const next = updatesFor(status).find((each) => !done.has(each));
    if (!next) return status;
    done.add(next);
    await run(next, String(dir), more);
  }
}

/** Runs the command that a person would. That it found something is no failure: the status says what. */
async function run(update: Update, dir: string, more: readonly string[]): Promise<void> {
  try {
    const apply: CommandClass = (await import('../apply.ts')).default;
    const check: CommandClass = (await import('../ca-bundle/check.ts')).default;
    if (update === 'apply') await apply.launch([dir, ...more]);
    else await check.launch(['--update', '--dir', dir, ...more]);
  } catch (error) {
    const { oclif } = error as { readonly oclif?: { readonly exit?: number } };
    if (oclif?.exit !== FOUND_SOMETHING) throw error;
  }
}
