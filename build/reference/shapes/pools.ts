import type { Shape } from '../shape.ts';

type Fields = Readonly<Record<string, Shape>>;

export const WORKER: Shape = {
  id: 'text',
  busy: 'boolean',
  drained: 'boolean',
  metadata: { '*': 'text' },
  createdAt: 'number',
  'availableAt?': 'number | null',
  'status?': 'text | null',
};

export const SETTINGS: Fields = {
  name: 'text',
  description: 'text | null',
  labels: ['text'],
  space: 'text | null',
  'driftDetectionRunLimit?': 'number | null',
};

export const POOL: Fields = {
  id: 'text',
  ...SETTINGS,
  createdAt: 'number | null',
  pendingRuns: 'number',
  busyWorkers: 'number',
  'schedulableRunsCount?': 'number | null',
  'managedByK8sController?': 'boolean | null',
};

/** A run that waits; `id` is that of the run. */
export const QUEUED: Shape = {
  position: 'number',
  stackId: 'text',
  id: 'text',
  state: 'text',
  type: 'text',
  title: 'text | null',
  createdAt: 'number',
};

export const CYCLE: Shape = { id: 'text', name: 'text', workers: 'number', busyWorkers: 'number' };

export const PROFILE: Fields = {
  alias: 'text',
  isCurrent: 'boolean',
  endpoint: 'text',
  method: '"apikey" | "github" | "token"',
};
