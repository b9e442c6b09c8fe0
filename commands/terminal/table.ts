import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { printable } from './printable.ts';
import { style } from './style.ts';
import { widthOf } from './wrap.ts';

/** One column of a table: its title, and how to make a cell from a row. */
export interface Column<Row> {
  readonly title: string;
  cell(row: Row): string;
  /** `left` by default; align numbers to the right. */
  readonly align?: 'left' | 'right';
  /** Whether cells may be cut on a narrow terminal. Other columns are always shown in full. */
  readonly canShrink?: boolean;
  /** Whether cells are cut at the start: the end of a distinguished name says the most. */
  readonly isCutAtStart?: boolean;
  /** Colours the padded cell. Must not change its width. */
  paint?(text: string, row: Row): string;
}

const GAP = '  ';
/** Minimum width of a column that shrinks. */
const MIN_WIDTH = 12;

/**
 * Formats a table: aligned columns under dim titles, one line per row, each ended by a newline.
 *
 * @param width columns to fit into; by default the terminal's width, and no limit if output is not a terminal, so that
 *   `grep` and `awk` see everything
 * @returns an empty string if there are no rows
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width = process.stdout.isTTY ? widthOf(process.stdout) : Number.POSITIVE_INFINITY } = {},
): string {
  if (rows.length === 0) return '';
  const cells = rows.map((row) => columns.map((column) => printable(column.cell(row))));
  const widths = fit(columns, cells, width);
  const line = (texts: readonly string[], paint: (text: string, index: number) => string) => {
    const padded = texts.map((text, index) => paint(pad(text, widths[index] ?? 0, columns[index]), index));
    return `${padded.join(GAP).trimEnd()}\n`;
  };
  const titles = columns.map(({ title }) => title);
  const lines = rows.map((row, number) =>
    line(cells[number] ?? [], (text, index) => columns[index]?.paint?.(text, row) ?? text),
  );
  return line(titles, (text) => style.dim(text)) + lines.join('');
}

/** Calculates the width of each column: that of its widest cell, minus what the widest shrinking columns must give up. */
function fit<Row>(columns: readonly Column<Row>[], cells: readonly (readonly string[])[], limit: number): number[] {
  const widths = columns.map(({ title }, index) =>
    cells.reduce((most, row) => Math.max(most, stringWidth(row[index] ?? '')), stringWidth(title)),
  );
  const gaps = GAP.length * (columns.length - 1);
  for (let over = sum(widths) + gaps - limit; over > 0; over--) {
    const widest = columns.reduce<number>((best, { canShrink }, index) => {
      const isWider = (widths[index] ?? 0) > (widths[best] ?? MIN_WIDTH);
      return canShrink && isWider ? index : best;
    }, -1);
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function pad(
  text: string,
  width: number,
  { align = 'left', isCutAtStart = false }: { align?: 'left' | 'right'; isCutAtStart?: boolean } = {},
): string {
  const position = isCutAtStart ? 'start' : 'end';
  const short = stringWidth(text) > width ? cliTruncate(text, width, { position }) : text;
  const space = ' '.repeat(Math.max(0, width - stringWidth(short)));
  return align === 'right' ? space + short : short + space;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
