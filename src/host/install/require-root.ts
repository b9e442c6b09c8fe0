import { UserError } from '../../core/errors.ts';

/** Checks that this process runs as root. @throws UserError `SPACECTL_NOT_ALLOWED` with the command to run instead */
export function requireRoot(activity: string, command: string): void {
  if (process.getuid?.() === 0) return;
  throw new UserError('SPACECTL_NOT_ALLOWED', `${activity} needs root`, {
    suggestions: [{ text: 'Run it as root, with the same flags', command }],
  });
}
