import { readMetadata, type Worker } from '../../src/spacelift/index.ts';
import { style } from './style.ts';
import { type Column, formatTable } from './table.ts';
import { formatTime } from './time.ts';

const columns: readonly Column<Worker>[] = [
  { title: 'ID', cell: ({ id }) => id },
  { title: 'Busy', cell: ({ busy }) => String(busy), paint: (text, { busy }) => (busy ? style.yellow(text) : text) },
  { title: 'Drained', cell: ({ drained }) => String(drained) },
  { title: 'Status', cell: ({ status }) => status ?? '' },
  { title: 'Since', cell: ({ createdAt }) => formatTime(createdAt) },
  { title: 'Idle Since', cell: ({ availableAt }) => (availableAt ? formatTime(availableAt) : '') },
  {
    title: 'Metadata',
    cell: (worker) =>
      Object.entries(readMetadata(worker))
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    canShrink: true,
  },
];

/** Formats the workers of a pool as a table, the oldest first. Leaves out columns that the server knows nothing about. */
export function formatWorkers(workers: readonly Worker[]): string {
  const oldestFirst = [...workers].sort(
    (one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1),
  );
  const known = columns.filter(({ cell }) => workers.some((worker) => cell(worker) !== ''));
  return formatTable(known, oldestFirst) || 'The pool has no workers\n';
}

/** Converts a worker for JSON output: its metadata becomes an object instead of text. */
export function jsonWorker(worker: Worker): object {
  return { ...worker, metadata: readMetadata(worker) };
}
