import { UserError } from '../../core/errors.ts';
import { titleOf } from './module-inputs.ts';
import type { Module } from './releases/index.ts';

/**
 * Refuses variables that would not reach the launcher unchanged: `env > /etc/spacelift/env` quotes nothing, and systemd
 * interprets quotes, backslashes and spaces at the ends (systemd.exec(5), EnvironmentFile=).
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function refuseUnsafeSettings(module: Module, env: readonly (readonly [name: string, value: string])[]): void {
  if (!module.boot.hasEnvironmentFile) return;
  const unsafe = env.find(([, value]) => /["'\\$`\p{Cc}]|^\s|\s$/u.test(value));
  if (!unsafe) return;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    `--env ${unsafe[0]}: ${titleOf(module)} passes the environment through a file that changes quotes, backslashes, $ and spaces at the ends`,
  );
}
