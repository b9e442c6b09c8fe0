import { BACK, type Back } from '../../../src/step/prompter.ts';
import { printable } from '../printable.ts';
import { fillText, fitText, scrollTo, type View } from '../screen/view.ts';
import { style } from '../style.ts';
import { wrapWords } from '../wrap.ts';
import type { ReviewLine, Source } from './lines.ts';

/** What the person decides on the review screen. */
export type Decision =
  | { readonly kind: 'apply'; readonly deploys: boolean }
  | { readonly kind: 'edit'; readonly name: string }
  | { readonly kind: 'show'; readonly file: string };

/** Something that would be done. */
export interface PlanLine {
  readonly text: string;
  /** The file, if its content can be shown. */
  readonly file?: string;
}

/** Everything on the review screen. */
export interface Review {
  readonly lines: readonly ReviewLine[];
  readonly plan: readonly PlanLine[];
  /** Warnings, and why there is no plan. */
  readonly remarks: readonly string[];
  /** What Enter does: "applies the plan". */
  readonly enter: string;
  /** What `d` does, "also deploys"; `undefined` if the directory cannot be deployed from here. */
  readonly deploy: string | undefined;
  /** The name of the line, or the file, on which the marker starts. */
  readonly start: string | undefined;
  /** The input that `t` edits. */
  readonly targetName: string;
}

const MARKS: Readonly<Record<Source, string>> = {
  you: '✔',
  saved: '✔',
  flag: '✔',
  variable: '✔',
  default: ' ',
  open: '!',
  '': ' ',
};
/** Columns of the marker, the mark, the source and the gaps between. */
const AROUND = 16;
const MAX_LABEL = 20;

/** A place where the marker can stand. */
interface Stop {
  readonly id: string;
  readonly decision: Decision;
}

/** Draws the review screen, and reads what the person decides. */
export function reviewView(review: Review): View<Decision | Back> {
  const stops: readonly Stop[] = [
    ...review.lines.map(({ name }): Stop => ({ id: name, decision: { kind: 'edit', name } })),
    ...review.plan.flatMap(({ file }): Stop[] => (file ? [{ id: file, decision: { kind: 'show', file } }] : [])),
  ];
  const last = stops.length - 1;
  let first = 0;
  let active = Math.max(
    0,
    stops.findIndex(({ id }) => id === review.start),
  );
  return {
    draw: ({ columns, rows }) => {
      const { lines, activeLine } = linesOf(review, stops[active]?.id, columns);
      const foot = footOf(review, columns);
      const room = rows - foot.length - 1;
      first = scrollTo(activeLine, first, lines.length, room);
      return {
        lines: [...lines.slice(first, first + room), ...foot.map((line) => style.dim(fitText(line, columns - 1)))],
      };
    },
    press: ({ name }) => {
      if (name === 'q') return BACK;
      if (name === 'up' || name === 'k') active = active === 0 ? last : active - 1;
      if (name === 'down' || name === 'j') active = active === last ? 0 : active + 1;
      if (name === 'pageup' || name === 'home') active = 0;
      if (name === 'pagedown' || name === 'end') active = last;
      if (name === 't') return { kind: 'edit', name: review.targetName };
      if (name === 'right' || name === 'e' || name === ' ') return stops[active]?.decision;
      if (name === 'd' && review.deploy !== undefined) return { kind: 'apply', deploys: true };
      return name === 'return' ? { kind: 'apply', deploys: false } : undefined;
    },
  };
}

/** Says which keys do what. What one key does is on one line. */
function footOf({ enter, deploy }: Review, columns: number): readonly string[] {
  const keys = [
    `Enter ${enter}`,
    ...(deploy === undefined ? [] : [`d ${deploy}`]),
    '→ edits a line or shows a file',
    't adds a target',
    'Esc leaves',
  ];
  const lines: string[] = [];
  for (const key of keys) {
    const longer = lines.length > 0 ? `${lines.at(-1)} · ${key}` : key;
    if (lines.length > 0 && longer.length + ' ·'.length < columns) lines[lines.length - 1] = longer;
    else lines.push(key);
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} ·` : line));
}

function linesOf(review: Review, active: string | undefined, columns: number) {
  const widest = Math.max(...review.lines.map(({ label }) => label.length));
  const labelWidth = Math.min(MAX_LABEL, widest, Math.floor(columns / 3));
  const lines: string[] = [];
  let activeLine = 0;
  const add = (line: string) => lines.push(fitText(line, columns - 1));
  const marker = (id: string | undefined) => {
    if (id !== undefined && id === active) activeLine = lines.length;
    return id !== undefined && id === active ? style.cyan('❯') : ' ';
  };
  let lastSection = '';
  for (const { name, label, section, value, source } of review.lines) {
    if (section !== lastSection) add(style.bold(section));
    lastSection = section;
    const text = fillText(printable(value || '-'), columns - labelWidth - AROUND, 'middle');
    add(`${marker(name)} ${MARKS[source]} ${fillText(label, labelWidth)}  ${text} ${style.dim(source)}`);
  }
  if (review.plan.length > 0) add(style.bold('Plan'));
  for (const { text, file } of review.plan) add(`${marker(file)}   ${text}`);
  for (const remark of review.remarks) {
    for (const line of wrapWords(printable(remark), { columns, isTTY: true }, '  ').split('\n'))
      add(style.yellow(line));
  }
  return { lines, activeLine };
}
