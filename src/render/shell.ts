/** A word of POSIX sh that stands for exactly this text (POSIX.1-2024, XCU 2.2.2). */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
