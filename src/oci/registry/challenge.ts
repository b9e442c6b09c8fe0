/** One way to log in that a server offers (RFC 9110, 11.6.1). Scheme and names of parameters in small letters. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const VALUE = /\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y;
const SEPARATOR = /[\s,]*/y;

/** Reads a `WWW-Authenticate` header: several challenges, quoted values with commas in them. */
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
