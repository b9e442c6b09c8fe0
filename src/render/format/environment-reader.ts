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
  let line = 1;
  for (let [at, end] = [0, 0]; at < text.length; at = end + 1) {
    const first = line++;
    const newline = text.indexOf('\n', at);
    end = newline < 0 ? text.length : newline;
    const equals = text.slice(at, end).indexOf('=');
    const start = text.slice(at, end).trimStart();
    if (start === '' || start.startsWith('#') || start.startsWith(';')) continue;
    const name = text.slice(at, at + Math.max(equals, 0)).trim();
    const value = equals < 0 ? undefined : valueAt(text, at + equals + 1);
    if (value !== undefined) {
      end = at + equals + 1 + value.length;
      line += value.split('\n').length - 1;
    }
    if (value !== undefined && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) variables[name] = unquote(value.trimStart());
    else badLines.push(first);
  }
  return { variables, badLines };
}

/** A value, which quotes and backslashes continue on the next line. What each part begins with is different. */
const VALUE = /(?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[^\n\\"'])*/y;

/** Returns the value that begins at an offset. `undefined` if a quote is not closed before its line ends. */
function valueAt(text: string, offset: number): string | undefined {
  VALUE.lastIndex = offset;
  const [value = ''] = VALUE.exec(text) ?? [];
  const after = text[offset + value.length];
  return after === undefined || after === '\n' ? value : undefined;
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
