import { quoteIfNeeded } from '../../core/text.ts';
import type { NextStep } from '../../step/next.ts';

/** Returns steps that store the pool's secrets. @param lines commands, or what to do before one: `TEXT, then: COMMAND` */
export function storingSteps(lines: readonly string[]): readonly NextStep[] {
  return lines.map((line) => {
    const [, text, command] = /^(.*), then(?: run)?: (.*)$/s.exec(line) ?? [];
    if (text !== undefined && command !== undefined) return { text, command };
    return { text: 'Store the secrets, in bash', command: line };
  });
}

/** Returns the step that creates everything in a configuration. */
export function applyingStep(folder: string): NextStep {
  const run = `terraform -chdir=${quoteIfNeeded(folder)}`;
  return { text: 'Create the hosts', command: `${run} init && ${run} apply` };
}
