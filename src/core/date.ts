/** The first millisecond of the year 1 in ISO 8601; earlier ones have a sign. */
const FIRST = Date.parse('0001-01-01T00:00:00Z');
/** The last millisecond of the year 9999: later ones have longer names in ISO 8601, and sums with them may not be dates. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Makes a date of what another program or a file says.
 * @param time milliseconds since 1970, or a text that `Date` reads
 * @returns `undefined` if it is no date, or one that cannot be formatted with a year of four digits
 */
export function dateFrom(time: number | string): Date | undefined {
  const date = new Date(time);
  const milliseconds = date.getTime();
  return milliseconds >= FIRST && milliseconds <= LAST ? date : undefined;
}
