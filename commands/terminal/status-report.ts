import { quoteIfNeeded } from '../../src/core/text.ts';
import type { PoolStatus, Thing } from '../../src/setup/index.ts';
import { style } from './style.ts';
import { wrapWords } from './wrap.ts';

const LABELS: Readonly<Record<Thing['state'], { readonly word: string; readonly paint: (text: string) => string }>> = {
  good: { word: 'ok', paint: style.green },
  attention: { word: 'to do', paint: style.yellow },
  unknown: { word: 'unknown', paint: style.dim },
  none: { word: '-', paint: style.dim },
};

/** Columns of a label, and of what is under a thing. */
const LABEL = 9;

/** Formats the state of a pool's folder: a line or more for each thing, and its command alone on an unbroken line. */
export function formatStatus({ dir, things, needsAttention }: PoolStatus): string {
  const indent = ' '.repeat(LABEL);
  const lines = things.flatMap(({ title, state, evidence, command }) => {
    const { word, paint } = LABELS[state];
    const text = wrapWords(`${word.padEnd(LABEL)}${title}: ${evidence}`, process.stdout, indent);
    return [paint(text.slice(0, LABEL)) + text.slice(LABEL), ...(command ? [`${indent}${command}`] : [])];
  });
  const count = things.filter(({ state }) => state === 'attention').length;
  const unsure = things.filter(({ state }) => state === 'unknown').length;
  const open = unsure > 0 ? ` ${unsure} unknown: not established from here.` : '';
  const verdict = needsAttention ? `${count} to do, see above.` : `Nothing to do.${open}`;
  return `${[style.bold(quoteIfNeeded(dir)), ...lines, verdict].join('\n')}\n`;
}
