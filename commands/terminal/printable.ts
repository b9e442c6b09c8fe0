/** Replaces control characters: text from files and other machines must not break lines or control the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}

/** Replaces control characters in text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
