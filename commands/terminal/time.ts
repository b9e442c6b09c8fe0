/** Formats seconds since 1970 as a date and a time in UTC: `2026-11-29 23:59:59`. */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
