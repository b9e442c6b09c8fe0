import { homedir } from 'node:os';
import path from 'node:path';

/** Where what can be had again is kept for this user (XDG Base Directory Specification: relative paths do not count). */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'), 'spacectl');
}
