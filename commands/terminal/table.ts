import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { printable } from './printable.ts';
import { style } from './style.ts';
import { widthOf } from './wrap.ts';

/** One column of a table: its title, and how a row becomes a cell. */
export interface Column<Row> {
  readonly title: string;
  cell(row: Row): string;
  /** `left` if left out; numbers read better to the right. */
  readonly align?: 'left' | 'right';
  /** Whether it may lose its end where the terminal is too narrow. Those that may not are always shown whole. */
  readonly shrinks?: boolean;
  /** Whether it is the beginning that is lost: a distinguished name says at its end what it is the name of. */
  readonly losesStart?: boolean;
  /** Colours for the padded cell: never changes its width. */
  paint?(text: string, row: Row): string;
}

const GAP = '  ';
/** A column that shrinks is never narrower than this. */
const LEAST = 12;

/**
 * A table for people: aligned columns under dim titles, one line a row, ended by a newline each.
 *
 * @param width columns to fit into; as given, a terminal's own width, and no limit where output is not a terminal, so
 *   that `grep` and `awk` see everything
 * @returns an empty string where there are no rows
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

/** How wide each column gets: as wide as its widest cell, the widest that shrink giving way while it is too much. */
function fit<Row>(columns: readonly Column<Row>[], cells: readonly (readonly string[])[], limit: number): number[] {
  const widths = columns.map(({ title }, index) =>
    cells.reduce((most, row) => Math.max(most, stringWidth(row[index] ?? '')), stringWidth(title)),
  );
  const gaps = GAP.length * (columns.length - 1);
  for (let over = sum(widths) + gaps - limit; over > 0; over--) {
    const widest = columns.reduce<number>((best, { shrinks }, index) => {
      const isWider = (widths[index] ?? 0) > (widths[best] ?? LEAST);
      return shrinks && isWider ? index : best;
    }, -1);
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function pad(
  text: string,
  width: number,
  { align = 'left', losesStart = false }: { align?: 'left' | 'right'; losesStart?: boolean } = {},
): string {
  const position = losesStart ? 'start' : 'end';
  const short = stringWidth(text) > width ? cliTruncate(text, width, { position }) : text;
  const space = ' '.repeat(Math.max(0, width - stringWidth(short)));
  return align === 'right' ? space + short : short + space;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
