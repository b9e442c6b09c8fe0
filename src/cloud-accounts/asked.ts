/** What a cloud's own command-line program answered: the thing, that it does not exist, or why neither is known. */
export type Asked<Thing> = { readonly found: Thing } | { readonly isMissing: true } | { readonly problem: string };

/** Returns the last line of what a program says of its failure, which names the cause. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() || 'it gave no reason';
}
