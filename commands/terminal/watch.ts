import cliTruncate from 'cli-truncate';
import { UserError } from '../../src/core/errors.ts';
import type { WorkerPool } from '../../src/spacelift/index.ts';
import { printable } from './printable.ts';
import { style } from './style.ts';
import { formatWorkers, jsonWorker } from './workers.ts';
import { widthOf } from './wrap.ts';

/** The pool, or why it cannot be seen at the moment. */
type Looks = AsyncIterable<WorkerPool | UserError>;

/** What there is to say about a pool in one line. */
function summaryOf({ workers, busyWorkers, pendingRuns }: WorkerPool): string {
  const drained = workers.filter((worker) => worker.drained).length;
  return `${workers.length} workers, ${busyWorkers} busy, ${drained} drained; ${pendingRuns} runs waiting`;
}

/** What is said while a pool cannot be seen. */
function outageOf({ message }: UserError): string {
  return `${printable(message)}: trying again`;
}

/** One JSON document a line. */
export async function asDocuments(looks: Looks): Promise<void> {
  for await (const pool of looks) {
    const look =
      pool instanceof UserError
        ? { error: { code: pool.code, message: pool.message } }
        : { ...pool, workers: pool.workers.map(jsonWorker) };
    process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...look })}\n`);
  }
}

/** A line at first, and then whenever it reads differently: for logs. */
export async function asLines(looks: Looks): Promise<void> {
  let last: string | undefined;
  for await (const pool of looks) {
    const line = pool instanceof UserError ? outageOf(pool) : `${printable(pool.name)}: ${summaryOf(pool)}`;
    if (line !== last) process.stdout.write(`${new Date().toISOString()} ${line}\n`);
    last = line;
  }
}

const UP = (lines: number) => (lines > 0 ? `\u001b[${lines}A` : '');
/** Line by line, and below at the end: a terminal that is cleared as a whole keeps every view in its history. */
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

function viewOf(pool: WorkerPool): readonly string[] {
  const time = new Date().toTimeString().slice(0, 8);
  return [
    style.bold(printable(`${pool.name} (${pool.id})`)),
    `${summaryOf(pool)} ${style.dim(`at ${time}, Ctrl-C ends`)}`,
    ...formatWorkers(pool.workers).trimEnd().split('\n'),
  ];
}

/** A view that is drawn over itself, cut to what the terminal can show. */
export async function asView(looks: Looks): Promise<void> {
  let drawn = 0;
  let seen: readonly string[] = [];
  for await (const pool of looks) {
    if (!(pool instanceof UserError)) seen = viewOf(pool);
    // What was seen last stays, with its time.
    const all = pool instanceof UserError ? [outageOf(pool), ...seen] : seen;
    // The last line stays free: a view as high as the screen would scroll it.
    const room = Math.max(3, (process.stdout.rows || 24) - 1);
    const lines = all.length > room ? [...all.slice(0, room - 1), style.dim(`… ${all.length - room + 1} more`)] : all;
    const cut = lines.map((line) => `${cliTruncate(line, widthOf(process.stdout))}${CLEAR_LINE}\n`);
    process.stdout.write(`${UP(drawn)}${cut.join('')}${CLEAR_BELOW}`);
    drawn = lines.length;
  }
}
