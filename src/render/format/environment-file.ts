import { UserError } from '../../core/errors.ts';

/**
 * A systemd environment file (systemd.exec(5), EnvironmentFile=): values that need it in double quotes, within which a
 * backslash takes the meaning of `"`, `\`, `` ` `` and `$`. POSIX sh reads the same file the same way.
 * @throws UserError `SPACECTL_BAD_INPUT` naming a variable whose value such a file cannot hold
 */
export function formatEnvironmentFile(variables: Readonly<Record<string, string>>, header: string): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoteValue(name, value)}`);
  return `# ${header}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function quoteValue(name: string, value: string): string {
  if (/[\0\r\n]/.test(value)) {
    throw new UserError('SPACECTL_BAD_INPUT', `${name} holds a line break or NUL, which an environment file cannot`);
  }
  if (/^[A-Za-z0-9_@%+=:,./-]*$/.test(value)) return value;
  return `"${value.replace(/["\\`$]/g, '\\$&')}"`;
}
