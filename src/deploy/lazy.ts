import { existsSync } from 'node:fs';
import path from 'node:path';
import { tokenFilesIn } from '../pool-folder/index.ts';
import { rendersPool, TARGETS } from '../render/index.ts';
import { DEPLOYABLE } from './inputs.ts';
import type { SshHost } from './ssh.ts';
import type { HostState } from './ssh-hosts.ts';

/** Reports whether a directory holds what can be deployed, with a token for its workers or what creates their pool. */
export async function canDeploy(dir: string): Promise<boolean> {
  const folders = DEPLOYABLE.map((name) => path.join(dir, TARGETS[name].writes)).filter((folder) => existsSync(folder));
  if (folders.length === 0 || tokenFilesIn(dir).length > 0) return folders.length > 0;
  return (await Promise.all(folders.map(rendersPool))).every(Boolean);
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
