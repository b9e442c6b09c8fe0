import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Returns this user's directory for what must outlive a cleaned cache. (XDG Base Directory Specification,
 * `XDG_STATE_HOME`: relative paths are ignored.)
 */
export function stateFolder(): string {
  const base = process.env['XDG_STATE_HOME'];
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), '.local/state'), 'spacectl');
}
