import cliTruncate from 'cli-truncate';
import { UserError } from '../../src/core/errors.ts';
import { counted } from '../../src/core/text.ts';
import type { QueuedRun, WatchedPool } from '../../src/spacelift/index.ts';
import { print, printDocument } from './output.ts';
import { printable } from './printable.ts';
import { style } from './style.ts';
import { type Column, formatTable } from './table.ts';
import { formatTime } from './time.ts';
import { formatWorkers, jsonWorker } from './workers.ts';
import { widthOf } from './wrap.ts';

/** The states of a pool over time, or why it cannot be reached at the moment. */
type PoolStates = AsyncIterable<WatchedPool | UserError>;

/** Summarizes a pool in one line. */
function summaryOf({ workers, busyWorkers, pendingRuns }: WatchedPool): string {
  const drained = workers.filter((worker) => worker.drained).length;
  return `${counted(workers.length, 'worker')}, ${busyWorkers} busy, ${drained} drained; ${counted(pendingRuns, 'run')} waiting`;
}

/** Describes an outage while the program retries. */
function outageOf({ message }: UserError): string {
  return `${printable(message)}: retrying`;
}

/** Prints every state as one JSON document on a line. */
export async function printDocuments(states: PoolStates): Promise<void> {
  for await (const pool of states) {
    const state =
      pool instanceof UserError
        ? { error: { code: pool.code, message: pool.message } }
        : { ...pool, workers: pool.workers.map(jsonWorker) };
    printDocument({ at: new Date().toISOString(), ...state });
  }
}

/** Prints a line at first, and then whenever it changes, for logs. */
export async function printLines(states: PoolStates): Promise<void> {
  let last: string | undefined;
  for await (const pool of states) {
    const line = pool instanceof UserError ? outageOf(pool) : `${printable(pool.name)}: ${summaryOf(pool)}`;
    if (line !== last) print(`${new Date().toISOString()} ${line}\n`);
    last = line;
  }
}

const cursorUp = (lines: number) => (lines > 0 ? `\u001b[${lines}A` : '');
/** Clears line by line: terminals keep every view in their history if the whole screen is cleared. */
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

const queueColumns: readonly Column<QueuedRun>[] = [
  { title: '#', cell: ({ position }) => String(position), align: 'right' },
  { title: 'Stack', cell: ({ stackId }) => stackId, canShrink: true },
  { title: 'Run', cell: ({ id }) => id },
  { title: 'State', cell: ({ state }) => state },
  { title: 'Type', cell: ({ type }) => type },
  { title: 'Since', cell: ({ createdAt }) => formatTime(createdAt) },
];

/** How many waiting runs are shown: the workers are to be seen as well. */
const MAX_SHOWN_RUNS = 8;

/** Formats the queue: its first runs, and how many more there are. */
function queueOf({ queue = [], pendingRuns }: WatchedPool): readonly string[] {
  if (queue.length === 0) return [];
  const shown = queue.slice(0, MAX_SHOWN_RUNS);
  const others = Math.max(queue.length, pendingRuns) - shown.length;
  return [
    '',
    style.bold('Queue'),
    ...formatTable(queueColumns, shown).trimEnd().split('\n'),
    ...(others > 0 ? [style.dim(`… ${others} more`)] : []),
    '',
    style.bold('Workers'),
  ];
}

function viewOf(pool: WatchedPool): readonly string[] {
  const time = new Date().toTimeString().slice(0, 8);
  return [
    style.bold(printable(`${pool.name} (${pool.id})`)),
    `${summaryOf(pool)} ${style.dim(`at ${time}, press Ctrl-C to stop`)}`,
    ...queueOf(pool),
    ...formatWorkers(pool.workers).trimEnd().split('\n'),
  ];
}

/** Draws a live view that replaces itself, cut to the size of the terminal. */
export async function drawView(states: PoolStates): Promise<void> {
  let drawn = 0;
  let seen: readonly string[] = [];
  for await (const pool of states) {
    if (!(pool instanceof UserError)) seen = viewOf(pool);
    // The last known state stays, with its time.
    const all = pool instanceof UserError ? [outageOf(pool), ...seen] : seen;
    // Leaves the last line free: a view as tall as the screen would scroll.
    const room = Math.max(3, (process.stdout.rows || 24) - 1);
    const lines = all.length > room ? [...all.slice(0, room - 1), style.dim(`… ${all.length - room + 1} more`)] : all;
    const cut = lines.map((line) => `${cliTruncate(line, widthOf(process.stdout))}${CLEAR_LINE}\n`);
    print(`${cursorUp(drawn)}${cut.join('')}${CLEAR_BELOW}`);
    drawn = lines.length;
  }
}
