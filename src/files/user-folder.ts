import { homedir } from 'node:os';
import nodePath from 'node:path';

/** A kind of directory that every user has. */
export interface UserFolder {
  /** The variable that names it (XDG Base Directory Specification: relative paths are ignored). */
  readonly variable: string;
  /** Where it is without the variable, in the home directory. */
  readonly usual: string;
  /** What it is called on Windows, in the program's own directory for data that stays on the machine (`LOCALAPPDATA`). */
  readonly onWindows: string;
}

/** Returns the program's own directory of a kind. */
export function userFolder(
  { variable, usual, onWindows }: UserFolder,
  { platform = process.platform as string, environment = process.env, home = homedir(), path = nodePath } = {},
): string {
  const base = environment[variable];
  if (base && path.isAbsolute(base)) return path.join(base, 'spacectl');
  const local = environment['LOCALAPPDATA'];
  if (platform === 'win32' && local && path.isAbsolute(local)) return path.join(local, 'spacectl', onWindows);
  return path.join(home, usual, 'spacectl');
}
