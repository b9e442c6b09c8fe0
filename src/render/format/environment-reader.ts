/** An environment file as systemd reads it. */
export interface ParsedEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Lines, counted from 1, that systemd ignores and reports in the journal. */
  readonly badLines: readonly number[];
}

/**
 * Parses an environment file as systemd does (systemd.exec(5), EnvironmentFile=). Comments start with `#` or `;`. In double
 * quotes a backslash escapes `"`, `\`, `` ` `` and `$`; in single quotes, nothing; without quotes, any character. A quoted
 * value may span several lines.
 */
export function parseEnvironmentFile(text: string): ParsedEnvironment {
  const variables: Record<string, string> = {};
  const badLines: number[] = [];
  const assignment =
    /[^\S\n]*(?:([#;][^\n]*)|([^\n=]*?)[^\S\n]*=[^\S\n]*((?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[^\n\\"'])*)|([^\n]*))(?:\n|$)/gy;
  let line = 1;
  for (let match = assignment.exec(text); match && match[0] !== ''; match = assignment.exec(text)) {
    const [whole, comment, name, value, rest] = match;
    if (name !== undefined && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) variables[name] = unquote(value ?? '');
    else if (comment === undefined && (name !== undefined || (rest ?? '').trim() !== '')) badLines.push(line);
    line += whole.split('\n').length - 1;
  }
  return { variables, badLines };
}

function unquote(value: string): string {
  return value
    .trimEnd()
    .replace(
      /"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|\\([\s\S])/g,
      (_, double?: string, single?: string, escaped?: string) => {
        if (double !== undefined) return double.replace(/\\(["\\`$])/g, '$1').replace(/\\\n/g, '');
        return single ?? (escaped === '\n' ? '' : (escaped ?? ''));
      },
    );
}
