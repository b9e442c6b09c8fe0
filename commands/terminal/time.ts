import { dateFrom } from '../../src/core/date.ts';

/** Formats seconds since 1970 as a date and a time in UTC: `2026-11-29 23:59:59`; a number out of range as it is. */
export function formatTime(seconds: number): string {
  const date = dateFrom(seconds * 1000);
  return date ? date.toISOString().slice(0, 19).replace('T', ' ') : String(seconds);
}
