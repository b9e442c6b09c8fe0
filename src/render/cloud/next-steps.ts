import { andThen, inPosixShell } from '../../core/command-lines.ts';
import { type Shell, userShell } from '../../core/shell.ts';
import { quoteIfNeeded, quoteIfNeededForPosix } from '../../core/text.ts';
import type { NextStep } from '../../step/next.ts';

/** Returns steps that store the pool's secrets. @param lines commands, or what to do before one: `TEXT, then: COMMAND` */
export function storingSteps(lines: readonly string[]): readonly NextStep[] {
  return lines.map((line) => {
    const [, text, command] = /^(.*), then(?: run)?: (.*)$/s.exec(line) ?? [];
    if (text !== undefined && command !== undefined) return { text: inPosixShell(text), command };
    return { text: inPosixShell('Store the secrets, in bash'), command: line };
  });
}

/** Returns the step that creates everything in a configuration. */
export function applyingStep(folder: string, shell: Shell = userShell()): NextStep {
  const run = terraformIn(folder, shell);
  return { text: 'Create the hosts', command: andThen(`${run} init`, `${run} apply`, shell) };
}

/** Returns the beginning of a Terraform command on a configuration. PowerShell ends an option at a dot in it. */
export function terraformIn(folder: string, shell: Shell = userShell()): string {
  const option =
    shell === 'posix' ? `-chdir=${quoteIfNeededForPosix(folder)}` : quoteIfNeeded(`-chdir=${folder}`, shell);
  return `terraform ${option}`;
}
