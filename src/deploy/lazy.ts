import type { SshHost } from './ssh.ts';
import type { HostState } from './ssh-hosts.ts';

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
