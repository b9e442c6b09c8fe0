import { KEY_FILE } from '../pki/index.ts';

/**
 * Reports whether a file of a pool's folder holds a secret, by its name: the private key and its backups, tokens, what was
 * typed in the wizard (`NAME.secret`), and rendered secrets.
 */
export function isSecretName(name: string): boolean {
  return name === 'secrets.env' || name.startsWith(KEY_FILE) || /^worker-pool.*\.config|\.secret$/.test(name);
}
