const ASCII: Readonly<Record<string, string>> = {
  '❯': '>',
  '✔': '+',
  '…': '~',
  '→': '>',
  '↑': '^',
  '↓': 'v',
  '·': '-',
};

/** Whether the locale has characters beyond ASCII (POSIX.1-2024, XBD 8.2: LC_ALL, then LC_CTYPE, then LANG). */
export function hasUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return /utf-?8/i.test(locale);
}

/** Replaces what an ASCII terminal cannot show. */
export function toAscii(text: string): string {
  return text.replace(/[^\0-\u007f]/gu, (each) => ASCII[each] ?? '?');
}
