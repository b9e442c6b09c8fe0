import { UserError } from '../../core/errors.ts';
import { titleOf } from './module-inputs.ts';
import type { Module } from './releases/index.ts';

/** Those that bash does not let a script change (bash(1), Shell Variables), and those that decide how it runs commands. */
const RESERVED = new Set(['BASHOPTS', 'BASH_VERSINFO', 'EUID', 'PPID', 'SHELLOPTS', 'UID', 'BASH_ENV', 'IFS', 'PATH']);

/**
 * Refuses variables that the boot script cannot export without failing, or without changing what it does itself.
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function refuseReservedNames(module: Module, env: readonly (readonly [name: string, value: string])[]): void {
  const reserved = env.find(([name]) => RESERVED.has(name));
  if (!reserved) return;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    `--env ${reserved[0]}: ${titleOf(module)} exports variables in its boot script, which needs this one itself`,
  );
}

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
