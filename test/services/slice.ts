/**
 * Takes a part of a table that is too large for every run: another one each day, and the whole with `TEST_WHOLE=1`, as
 * `npm run matrix` sets it.
 * @param parts into how many parts the table is cut
 */
export function sliceOf<Row>(rows: readonly Row[], parts: number): readonly Row[] {
  if (process.env['TEST_WHOLE']) return rows;
  return rows.filter((_, index) => index % parts === today() % parts);
}

/**
 * Takes one row of each kind of a table that is too large for every run: another one each day, and all with
 * `TEST_WHOLE=1`.
 * @param kindOf the kind of a row
 */
export function oneOfEach<Row>(rows: readonly Row[], kindOf: (row: Row) => string): readonly Row[] {
  if (process.env['TEST_WHOLE']) return rows;
  const kinds = new Map<string, Row[]>();
  for (const row of rows) kinds.set(kindOf(row), [...(kinds.get(kindOf(row)) ?? []), row]);
  // The kinds do not all take their first row on the same day: the first rows are often of one release.
  return [...kinds.values()].flatMap((group, index) => group[(today() + index) % group.length] ?? []);
}

/** Days since 1970. */
function today(): number {
  return Math.floor(Date.now() / (24 * 60 * 60 * 1000));
}
