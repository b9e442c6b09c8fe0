import { hasUnicode } from '../screen/ascii.ts';

/** Reports whether to write lines of text only: the user wants it, or the terminal or its locale can do no more. */
export function isPlainTerminal(environment: Readonly<Record<string, string | undefined>>): boolean {
  const wanted = environment['SPACECTL_PLAIN'] ?? '';
  return !['', '0', 'false'].includes(wanted) || environment['TERM'] === 'dumb' || !hasUnicode(environment);
}
