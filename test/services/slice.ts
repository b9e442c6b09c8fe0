/**
 * Takes a part of a table that is too large for every run: another one each day, and the whole with `TEST_WHOLE=1`, as
 * `npm run matrix` sets it.
 * @param parts into how many parts the table is cut
 */
export function sliceOf<Row>(rows: readonly Row[], parts: number): readonly Row[] {
  if (process.env['TEST_WHOLE']) return rows;
  const today = Math.floor(Date.now() / (24 * 60 * 60 * 1000));
  return rows.filter((_, index) => index % parts === today % parts);
}
