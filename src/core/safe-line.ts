import { redact } from './secrets.ts';

/** Escape sequences of terminals (ECMA-48, 5.4). */
const CONTROL_SEQUENCE = String.raw`\u001b\[[0-?]*[ -/]*[@-~]`;
/** Those, and what controls a line or hides from its reader. */
const NOT_PRINTABLE = new RegExp(String.raw`${CONTROL_SEQUENCE}|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+`, 'gu');

/**
 * Makes one printable line, without secrets, of what another program or server said, to repeat it in a message.
 * @param length how many characters to keep
 */
export function toSafeLine(text: string, length = 300): string {
  // Redacted before it is cut: a part of a secret is no longer recognized.
  const line = redact(text)
    .slice(0, 16 * length)
    .replaceAll(NOT_PRINTABLE, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > length ? `${characters.slice(0, length).join('').trimEnd()}…` : line;
}
