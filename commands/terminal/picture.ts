import stringWidth from 'string-width';
import { style } from './style.ts';
import { widthOf } from './wrap.ts';

/** One stop on the way from the key to the container that runs a job. */
export interface Stop {
  readonly name: string;
  /** What it is here: a file, or why there is none. */
  readonly what: string;
  readonly isThere: boolean;
}

const ARROW = ' -> ';

/** Draws the way from the key to the container: on two lines, or one below the other where they do not fit. */
export function drawPicture(stops: readonly Stop[], stream: { columns?: number } = process.stdout): string {
  const widths = stops.map(({ name, what }) => Math.max(stringWidth(name), stringWidth(what)));
  const total = widths.reduce((sum, width) => sum + width, 2 + ARROW.length * (stops.length - 1));
  const paint = ({ isThere }: Stop) => (isThere ? style.green : style.yellow);
  if (total >= widthOf(stream)) {
    const column = Math.max(...stops.map(({ name }) => stringWidth(name)));
    return stops.map((stop) => `  ${pad(stop.name, column)}  ${paint(stop)(stop.what)}\n`).join('');
  }
  const names = stops.map(({ name }, index) => pad(name, widths[index] ?? 0)).join(ARROW);
  const gap = ' '.repeat(ARROW.length);
  const files = stops.map((stop, index) => paint(stop)(pad(stop.what, widths[index] ?? 0))).join(gap);
  return `  ${names.trimEnd()}\n  ${files.trimEnd()}\n`;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
