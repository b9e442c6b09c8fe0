/** One of a server's challenges (RFC 9110, 11.6.1). Scheme and parameter names are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const VALUE = /\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y;
const SEPARATOR = /[\s,]*/y;

/** Parses a `WWW-Authenticate` header, which may hold several challenges and quoted values with commas. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let offset = 0;
  const next = (pattern: RegExp) => {
    pattern.lastIndex = offset;
    const match = pattern.exec(header);
    if (match) offset = pattern.lastIndex;
    return match;
  };
  for (;;) {
    next(SEPARATOR);
    const [name] = next(TOKEN) ?? [];
    if (name === undefined) return challenges;
    const value = next(VALUE);
    const current = challenges.at(-1);
    if (!value) challenges.push({ scheme: name.toLowerCase(), parameters: {} });
    else if (current) current.parameters[name.toLowerCase()] = value[1]?.replace(/\\(.)/g, '$1') ?? value[2] ?? '';
  }
}
