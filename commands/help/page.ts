import { wrapWords } from '../terminal/wrap.ts';

/** How help is laid out. */
export interface Page {
  /** Columns. */
  readonly width: number;
  /** Emphasizes a heading. */
  readonly bold: (text: string) => string;
}

/** A name and its explanation. */
export type Row = readonly [name: string, text: string];

/** One section of a help text. An empty section is left out. */
export interface Section {
  readonly heading?: string;
  /** Running text. */
  readonly paragraphs?: readonly string[];
  /** Command lines, which are never wrapped so that they can be copied. */
  readonly commands?: readonly string[];
  /** Names, each with its explanation. */
  readonly rows?: readonly Row[];
}

/** A longer name gets its own line. */
const WIDEST_NAME = 28;

/** Formats sections, with a blank line between them and lines wrapped between words. */
export function formatSections(sections: readonly Section[], page: Page): string {
  return sections.flatMap((section) => formatSection(section, page) ?? []).join('\n');
}

function formatSection({ heading, paragraphs, commands, rows }: Section, { width, bold }: Page): string | undefined {
  const lines = [
    ...(paragraphs ?? []).flatMap((text, index) => [...(index > 0 ? [''] : []), ...wrap(text, width)]),
    ...(commands ?? []).map((command) => `  $ ${command}`),
    ...table(rows ?? [], width),
  ];
  if (lines.length === 0) return undefined;
  return [...(heading ? [bold(heading)] : []), ...lines].map((line) => `${line}\n`).join('');
}

function table(rows: readonly Row[], width: number): string[] {
  const names = rows.map(([name]) => name.length).filter((length) => length <= WIDEST_NAME);
  const column = Math.max(0, ...names) + 4;
  return rows.flatMap(([name, text]) => {
    const [first = '', ...rest] = wrap(text, width - column);
    const isLong = name.length > column - 4;
    const start = isLong ? [`  ${name}`, `${' '.repeat(column)}${first}`] : [`  ${name}`.padEnd(column) + first];
    return [...start, ...rest.map((line) => ' '.repeat(column) + line)];
  });
}

function wrap(text: string, width: number): string[] {
  return wrapWords(text, { isTTY: true, columns: width + 1 }).split('\n');
}
