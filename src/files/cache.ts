import { homedir } from 'node:os';
import path from 'node:path';

/** Returns this user's cache directory. (XDG Base Directory Specification: relative paths are ignored.) */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'), 'spacectl');
}
