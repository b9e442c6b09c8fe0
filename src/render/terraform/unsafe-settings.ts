import { UserError } from '../../core/errors.ts';
import { titleOf } from './module-inputs.ts';
import type { Module } from './releases/index.ts';

/**
 * Refuses variables that would reach the launcher changed: `env > /etc/spacelift/env` quotes nothing, and systemd reads
 * quotes, backslashes and blanks at the ends in its own way (systemd.exec(5), EnvironmentFile=).
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function refuseUnsafeSettings(module: Module, env: readonly (readonly [name: string, value: string])[]): void {
  if (!module.boot.hasEnvironmentFile) return;
  const unsafe = env.find(([, value]) => /["'\\$`\p{Cc}]|^\s|\s$/u.test(value));
  if (!unsafe) return;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    `--env ${unsafe[0]}: ${titleOf(module)} writes the environment to a file that changes quotes, backslashes, $ and blanks at the ends`,
  );
}
