import { userFolder } from './user-folder.ts';

/** Returns this user's directory for what must outlive a cleaned cache. */
export function stateFolder(): string {
  return userFolder({ variable: 'XDG_STATE_HOME', usual: '.local/state', onWindows: 'State' });
}
