import { homedir } from 'node:os';

/**
 * Makes sure that this user has a home directory, which oclif and Node ask for and fail without. A user that the system does
 * not know, as in an empty environment in a container, gets `/`, as runc gives it (opencontainers/runc, libcontainer/init_linux.go, setupUser).
 */
export function ensureHome(): void {
  if (process.env['HOME']) return;
  // Node would take an empty value for the directory.
  delete process.env['HOME'];
  try {
    homedir();
  } catch {
    process.env['HOME'] = '/';
  }
}
