import stringWidth from 'string-width';
import { patchLine } from './patch-line.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What a prompt shows: lines that fit the width, and where the cursor stands (hidden where absent). */
export interface Frame {
  readonly lines: readonly string[];
  readonly cursor?: { readonly row: number; readonly column: number };
}

const ESC = '\u001b[';
const SHOW_CURSOR = `${ESC}?25h`;
const HIDE_CURSOR = `${ESC}?25l`;
const CLEAR_BELOW = `${ESC}J`;
const HOME = `${ESC}H`;

/** The lines at the bottom of the terminal that a prompt owns. Writes only what differs from the last frame. */
export class Screen {
  readonly #output: NodeJS.WriteStream;
  #lines: readonly string[] = [];
  #row = 0;
  #column = 0;
  #isCursorHidden = false;
  readonly #isFull: boolean;
  #isSuspended = false;

  /** @param isFull whether the frames begin at the top of the terminal, of which the program has the whole */
  constructor(output: NodeJS.WriteStream, { isFull }: { isFull: boolean }) {
    this.#output = output;
    this.#isFull = isFull;
  }

  /** A terminal that does not know its size reports 0. */
  get size(): Size {
    return { columns: this.#output.columns || 80, rows: this.#output.rows || 24 };
  }

  /** Draws a frame over the last one. */
  paint({ lines, cursor }: Frame): void {
    let out = '';
    let row = this.#row;
    const last = Math.max(0, this.#lines.length - 1);
    const goTo = (target: number) => {
      const lowest = Math.max(row, last);
      out += move(Math.min(target, lowest) - row);
      // Only line feeds make rows that do not exist yet: they scroll the screen.
      out += '\n'.repeat(Math.max(0, target - lowest));
      row = target;
    };
    for (const [index, line] of lines.entries()) {
      const old = this.#lines[index];
      if (old === line) continue;
      goTo(index);
      out += `\r${old === undefined ? line : patchLine(old, line)}`;
    }
    if (lines.length < this.#lines.length) {
      goTo(lines.length);
      out += `\r${CLEAR_BELOW}`;
    }
    const target = cursor ?? { row: Math.max(0, lines.length - 1), column: 0 };
    if (out !== '' || row !== target.row || this.#column !== target.column) {
      out += `${move(target.row - row)}\r${target.column > 0 ? `${ESC}${target.column}C` : ''}`;
    }
    if (this.#isCursorHidden === Boolean(cursor)) {
      out += cursor ? SHOW_CURSOR : HIDE_CURSOR;
      this.#isCursorHidden = !cursor;
    }
    [this.#lines, this.#row, this.#column] = [lines, target.row, target.column];
    if (out !== '') this.#output.write(out);
  }

  /** Clears what a resize has wrapped, before the next frame. */
  reset(): void {
    this.#output.write(this.#clearing());
  }

  /** Leaves the terminal to the shell, until `resume`. */
  suspend(): void {
    const hasDrawn = this.#lines.length > 0 || this.#isCursorHidden;
    if (this.#isSuspended || !hasDrawn) return;
    this.#isSuspended = true;
    this.#output.write(`${this.#clearing()}${this.#isCursorHidden ? SHOW_CURSOR : ''}`);
    this.#isCursorHidden = false;
  }

  /** Starts again below what the shell has written meanwhile. */
  resume(): void {
    this.#isSuspended = false;
    [this.#lines, this.#row, this.#column] = [[], 0, 0];
    this.#output.write('\r');
  }

  /** Goes to the first line of the frame, which a resize may have wrapped, and clears from there. */
  #clearing(): string {
    const { columns } = this.size;
    const rowsOf = (line: string) => Math.max(1, Math.ceil(stringWidth(line) / columns));
    const above = this.#lines.slice(0, this.#row).reduce((total, line) => total + rowsOf(line), 0);
    const up = above + Math.floor(this.#column / columns);
    [this.#lines, this.#row, this.#column] = [[], 0, 0];
    return this.#isFull ? `${HOME}${CLEAR_BELOW}` : `${move(-up)}\r${CLEAR_BELOW}`;
  }
}

/** Moves the cursor down by a number of rows, or up. */
function move(rows: number): string {
  if (rows === 0) return '';
  return rows < 0 ? `${ESC}${-rows}A` : `${ESC}${rows}B`;
}
