import { terminalReader } from './reader/index.ts';

/** What a terminal or a mail program makes of a token: lines of base64 (RFC 4648, section 4), of which only the last has padding. */
const WRAPPED = /^[A-Za-z0-9+/]{40,}$/;

/**
 * Reports whether Enter behind a secret that is no answer yet is only a line break in it: the terminal does not mark its
 * pastes, more comes at once, and what is there looks like the beginning of wrapped base64.
 */
export async function isLineBreak(secret: string, isMarked: boolean): Promise<boolean> {
  return !isMarked && WRAPPED.test(secret) && terminalReader().isPasteGoingOn();
}

/** Joins the lines of a wrapped secret. A text without a line break stays as it is: it may be a typed space. */
export function onOneLine(text: string): string {
  if (!text.includes('\n')) return text;
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('');
}
