import { UserError } from '../../core/errors.ts';
import { MARK } from '../../pool-folder/index.ts';

/**
 * Formats a systemd environment file (systemd.exec(5), EnvironmentFile=). Values are in double quotes where needed, and a
 * backslash escapes `"`, `\`, `` ` `` and `$` in them. POSIX sh reads the same file the same way.
 * @throws UserError `SPACECTL_BAD_INPUT` that names a variable whose value such a file cannot hold
 */
export function formatEnvironmentFile(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoteValue(name, value)}`);
  return `# ${MARK}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function quoteValue(name: string, value: string): string {
  if (/[\0\r\n]/.test(value)) {
    throw new UserError(
      'SPACECTL_BAD_INPUT',
      `${name} contains a line break or NUL, which an environment file cannot hold`,
    );
  }
  if (/^[A-Za-z0-9_@%+=:,./-]*$/.test(value)) return value;
  return `"${value.replace(/["\\`$]/g, '\\$&')}"`;
}
