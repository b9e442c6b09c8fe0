import { existsSync } from 'node:fs';
import path from 'node:path';
import { tokenFilesIn } from '../pool-folder/index.ts';
import { TARGETS } from '../render/index.ts';
import { DEPLOYABLE } from './inputs.ts';
import type { SshHost } from './ssh.ts';
import type { HostState } from './ssh-hosts.ts';

/** Reports whether a directory holds what can be deployed, with a token for its workers. */
export function canDeploy(dir: string): boolean {
  const isRendered = DEPLOYABLE.some((name) => existsSync(path.join(dir, TARGETS[name].writes)));
  return isRendered && tokenFilesIn(dir).length > 0;
}

/**
 * Asks hosts over SSH what their own checks find. Changes nothing.
 * @param timeout milliseconds for each host
 * @throws UserError `SPACECTL_INTERRUPTED`
 */
export async function hostReports(
  hosts: readonly SshHost[],
  signal: AbortSignal,
  timeout?: number,
): Promise<readonly HostState[]> {
  return (await import('./ssh-hosts.ts')).hostReports(hosts, signal, timeout);
}
