/** A kind of shell that people paste commands into. */
export type Shell = 'posix' | 'powershell';

/**
 * Returns the shell of this user: PowerShell on Windows, but for the bash that comes with Git and MSYS2, which set `MSYSTEM`
 * (msys2/MSYS2-packages, filesystem/profile).
 */
export function userShell(platform: string = process.platform, environment = process.env): Shell {
  return platform === 'win32' && !environment['MSYSTEM'] ? 'powershell' : 'posix';
}

/**
 * Quotes a text for PowerShell, only if it needs quotes (about_Quoting_Rules, about_Parsing). Besides what every shell
 * reads for itself, a comma makes a list, `@` at the start a splat, and a dot or a colon ends a word that starts with `-`.
 */
export function quoteForPowerShell(text: string): string {
  if (/^(?:[\w/\\.][\w:./\\+=-]*|-[\w/\\=-]*)$/.test(text)) return text;
  // PowerShell reads the typographic quotation marks as it does the plain one.
  return `'${text.replaceAll(/['\u2018-\u201b]/g, (mark) => mark + mark)}'`;
}
