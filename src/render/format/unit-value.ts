/**
 * Quotes a text for a systemd unit, so that systemd reads exactly this text (systemd.syntax(7), "Quoting"; systemd.unit(5),
 * "Specifiers": a percent sign is doubled; systemd.service(5), "Command lines": so is a dollar sign, in commands).
 */
export function quoteForUnit(text: string): string {
  if (/[\0\r\n]/.test(text)) throw new Error('a line break in a unit: its input must refuse it');
  const escaped = text.replaceAll('%', '%%');
  return /^[A-Za-z0-9_%+=:,./@-]+$/.test(escaped) ? escaped : `"${escaped.replace(/["\\]/g, '\\$&')}"`;
}
