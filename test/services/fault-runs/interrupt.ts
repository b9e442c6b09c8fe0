import { spacectl } from '../program.ts';
import { stopped } from '../stop-at.ts';
import type { Prepared } from './commands.ts';
import { completenessProblems, stateProblems, type Undisturbed } from './oracle.ts';
import { stateOf } from './state.ts';

/** A signal, and the exit code that shells use for it. */
export const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Interrupts a command with a signal at a moment, and runs it once more to its end.
 * @returns which promises were broken: it stops, says so, tidies up, and the next run finishes
 */
export async function brokenByInterruption(
  signal: keyof typeof SIGNALS,
  at: number,
  prepare: () => Promise<Prepared>,
  undisturbed: Undisturbed,
): Promise<readonly string[]> {
  const { args, env = {}, below, server, alreadyDone } = await prepare();
  const before = await stateOf(below);
  const run = await stopped(args, { STOP_AT: String(at) }, { signal, env });
  const after = await stateOf(below);
  const said = `${run.stdout}${run.stderr}`;
  const broken = [
    ...(run.exitCode === SIGNALS[signal] ? [] : [`exit code ${run.exitCode}: ${said}`]),
    ...(said.includes('Interrupted') ? [] : [`it does not say that it was interrupted: ${said}`]),
    // What was downloaded so far is kept, for the next run to go on from.
    ...after.leftOver.filter(({ name }) => !name.endsWith('.spacectl-part')).map(({ name }) => `${name} is left`),
    ...stateProblems(before, after, undisturbed.state, server),
  ];
  const again = await spacectl(args, { env });
  const last = await stateOf(below);
  if (again.exitCode !== 0 && !(alreadyDone !== undefined && String(again.stderr).includes(alreadyDone)))
    broken.push(`the second run ends with ${again.exitCode}: ${again.stdout}${again.stderr}`);
  const problems = [
    ...stateProblems(after, last, undisturbed.state, server),
    ...completenessProblems(last, undisturbed.state, 'after the second run'),
  ];
  return [...broken, ...problems.map((each) => `second run: ${each}`)];
}
