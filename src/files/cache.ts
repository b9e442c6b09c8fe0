import { userFolder } from './user-folder.ts';

/** Returns this user's cache directory. */
export function cacheFolder(): string {
  return userFolder({ variable: 'XDG_CACHE_HOME', usual: '.cache', onWindows: 'Cache' });
}
