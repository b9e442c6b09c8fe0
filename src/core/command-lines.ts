import { type Shell, userShell } from './shell.ts';
import { quoteIfNeeded } from './text.ts';

/** Returns the command that removes files. PowerShell's takes a list. */
export function removeCommand(files: readonly string[], shell: Shell = userShell()): string {
  return `rm ${files.map((file) => quoteIfNeeded(file, shell)).join(shell === 'posix' ? ' ' : ', ')}`;
}

/** Joins commands of which the second runs only if the first succeeds. Windows PowerShell 5.1 has no `&&`. */
export function andThen(first: string, second: string, shell: Shell = userShell()): string {
  return shell === 'posix' ? `${first} && ${second}` : `${first}; if ($?) { ${second} }`;
}

/** Adds to a text, on a system without a POSIX shell, where its commands run. */
export function inPosixShell(text: string, shell: Shell = userShell()): string {
  return shell === 'posix' ? text : `${text}, in WSL or on another system`;
}
