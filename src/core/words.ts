/** A whole number for people: 217,659. Written here since what Node has for it takes tens of milliseconds to load. */
export function inThousands(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** How many of something, for people: `1 certificate`, `144 certificates`. */
export function counted(count: number, noun: string): string {
  return `${inThousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A word of POSIX sh that stands for exactly this text (POSIX.1-2024, XCU 2.2.2). */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word of a shell command for people: quoted only where it has to be. */
export function wordFor(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : quoteForShell(text);
}
