import type { Shape } from '../shape.ts';

export const DIAGNOSIS: Shape = {
  isHealthy: 'boolean',
  environment: 'text',
  checks: [
    {
      id: 'text',
      title: 'text',
      findings: [
        {
          status: '"good" | "warning" | "bad" | "skipped"',
          evidence: 'text',
          'about?': 'text',
          'fix?': 'text',
          'commands?': ['text'],
          'because?': 'text',
        },
      ],
    },
  ],
};

const UPDATE: Shape = ['null', { time: 'text', result: '"installed" | "built" | "current" | "kept" | "failed"' }];

/** What `spacelift-worker-check` prints. `null` is not known. */
export const WORKER_REPORT: Shape = {
  worker: 'boolean | null',
  time: 'text',
  service: 'text | null',
  restarts: 'number | null',
  pid: 'number | null',
  uptime_seconds: 'number | null',
  comms: 'text | null',
  connected: 'boolean | null',
  launcher_update: UPDATE,
  bundle_update: UPDATE,
  bundle_seen: 'boolean | null',
  disk_free_percent: 'number | null',
  faults: [{ id: 'text', text: 'text' }],
  warnings: [{ id: 'text', text: 'text' }],
};

export const HOST_STATUS: Shape = {
  root: 'text',
  isInstalled: 'boolean',
  isUnfinished: 'boolean',
  'launcher?': { sha256: 'sha256', since: 'time', days: 'number', isForThisMachine: 'boolean' },
  'service?': {
    active: 'text',
    detail: 'text',
    isLoaded: 'boolean',
    isEnabled: 'boolean',
    restarts: 'number',
    'startedAt?': 'time',
  },
  'worker?': WORKER_REPORT,
  isCompared: 'boolean',
  drift: [{ path: 'text', drift: '"missing" | "changed" | "mode" | "outdated"' }],
};

export const INSTALLED: Shape = { root: 'text', units: ['text'], hasSecrets: 'boolean' };
