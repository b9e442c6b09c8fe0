import type { Shape } from './shape.ts';
import { BUNDLE, CHECK, DIFFERENCES, INSPECTED, INSPECTED_IMAGE, LOCK, PROBED } from './shapes/certificates.ts';
import { DIAGNOSIS, HOST_STATUS, INSTALLED, WORKER_REPORT } from './shapes/hosts.ts';
import { CYCLE, POOL, PROFILE, QUEUED, SETTINGS, WORKER } from './shapes/pools.ts';
import { RENDERED } from './shapes/rendered.ts';
import { CREATED, DEPLOYED, SETUP } from './shapes/setup.ts';

/** A file or an action in the report of a command that changes something. */
const CHANGE: Shape = {
  step: 'text',
  kind: '"file" | "action"',
  status: '"create" | "change" | "unchanged" | "refuse"',
  'path?': 'text',
  'mode?': 'text',
  'secret?': 'boolean',
  'size?': 'number',
  'sha256?': 'sha256',
  'title?': 'text',
};

/** What every command prints that changes something, or would with `--dry-run`. */
export function reportOf(facts: Shape): Shape {
  return {
    command: 'text',
    dryRun: 'boolean',
    changes: [CHANGE],
    notes: ['text'],
    warnings: ['text'],
    findings: ['text'],
    next: [{ text: 'text', 'command?': 'text' }],
    facts,
  };
}

/** What every command prints when it fails. */
export const ERROR: Shape = {
  error: { code: 'text', message: 'text', suggestions: [{ 'text?': 'text', 'command?': 'text' }] },
};

const RELEASE: Readonly<Record<string, Shape>> = {
  arch: '"x86_64" | "aarch64"',
  environment: '"standard" | "us" | "fedramp"',
  domain: 'text',
};

/** The launcher that is put in place. */
const LAUNCHER: Shape = {
  file: 'text',
  origin: 'text',
  sha256: 'sha256',
  'arch?': '"x86_64" | "aarch64"',
  'environment?': 'text',
  'domain?': 'text',
  'fingerprint?': 'text',
  'signedAt?': 'time',
  'keyExpiresAt?': 'time',
};

/** The `facts` of commands that change something: an object by the name of the step. */
export const FACTS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  init: SETUP,
  apply: SETUP,
  deploy: DEPLOYED,
  'ca-bundle build': { caBundle: BUNDLE },
  'ca-bundle check': { caBundleCheck: CHECK },
  'host install': { hostInstall: INSTALLED },
  'host update': { hostUpdate: LAUNCHER },
  'host uninstall': { hostUninstall: {} },
  'keypair generate': { keypair: {} },
  'keypair rotate': { rotateKey: { id: 'text', name: 'text', stale: ['text'] } },
  'launcher download': {
    launcher: LAUNCHER,
  },
  'profile login': { loginProfile: { alias: 'text', endpoint: 'text', method: 'text' } },
  'profile logout': { logoutProfile: { alias: 'text' } },
  'profile select': { selectProfile: { alias: 'text' } },
  'render ansible': { ansible: RENDERED.ansible },
  'render cloud-init': { cloudInit: RENDERED.cloudInit },
  'render docker': { docker: RENDERED.docker },
  'render ecs': { ecs: RENDERED.ecs },
  'render systemd': { systemd: RENDERED.systemd },
  'render terraform': {
    'terraformAws?': RENDERED.terraformAws,
    'terraformAzure?': RENDERED.terraformAzure,
    'terraformGcp?': RENDERED.terraformGcp,
  },
  retire: {
    retire: {
      'name?': 'text',
      pool: '"unknown" | "unread" | "not found" | "deleted" | "found"',
      'id?': 'text',
      workers: 'number',
      busyWorkers: 'number',
      targets: ['text'],
      secrets: ['text'],
    },
  },
  'workerpool create': { createWorkerPool: CREATED },
  'workerpool cycle': { cycleWorkerPool: CYCLE },
  'workerpool delete': {
    deleteWorkerPool: { id: 'text', name: 'text', workers: 'number', busyWorkers: 'number', pendingRuns: 'number' },
  },
  'workerpool reset': { resetWorkerPool: { id: 'text', name: 'text', endpoint: 'text', stale: ['text'] } },
  'workerpool token': { fetchPoolToken: { id: 'text', name: 'text', endpoint: 'text' } },
  'workerpool update': { updateWorkerPool: { id: 'text', before: SETTINGS, after: SETTINGS } },
  'workerpool worker cycle': { cycleWorkerPool: CYCLE },
  'workerpool worker drain': { drainWorker: { worker: 'text', pool: 'text' } },
  'workerpool worker undrain': { undrainWorker: { worker: 'text', pool: 'text' } },
};

/** The documents of commands that only read. */
export const RESULTS: Readonly<Record<string, Shape>> = {
  'ami check': {
    images: [
      {
        'id?': 'text',
        'name?': 'text',
        usedBy: ['text'],
        'architecture?': 'text',
        status: 'text',
        'daysLeft?': 'number',
        'released?': 'time',
        'deprecates?': 'time',
        'removed?': 'time',
        'note?': 'text',
      },
    ],
    actionNeeded: 'boolean',
    commands: ['text'],
  },
  'ami latest': { id: 'text', name: 'text', released: 'time', architecture: 'text' },
  'ca-bundle diff': DIFFERENCES,
  'ca-bundle inspect': INSPECTED,
  'ca-bundle probe': PROBED,
  doctor: DIAGNOSIS,
  'host doctor': DIAGNOSIS,
  'host status': HOST_STATUS,
  'keypair encode': { size: 'number', text: 'text', base64: 'text' },
  'keypair verify': {
    belongTogether: 'boolean',
    findings: [{ part: '"CSR" | "token"', isGood: 'boolean', finding: 'text' }],
  },
  'launcher url': {
    ...RELEASE,
    launcher: 'text',
    sums: 'text',
    signature: 'text',
    signingKey: 'text',
    fingerprint: 'text',
  },
  'launcher verify': {
    ...RELEASE,
    file: 'text',
    name: 'text',
    digest: 'sha256',
    signedAt: 'time',
    fingerprint: 'text',
    'keyExpiresAt?': 'time',
    warnings: ['text'],
  },
  'profile current': { ...PROFILE, warnings: ['text'] },
  'profile export-token': { token: 'text', endpoint: 'text', 'expiresAt?': 'time' },
  'profile list': [PROFILE],
  status: {
    dir: 'text',
    things: [
      {
        id: 'text',
        title: 'text',
        state: '"good" | "attention" | "unknown" | "none"',
        evidence: 'text',
        'command?': 'text',
        'file?': 'text',
        'update?': '"ca-bundle" | "apply"',
        'isEdited?': 'true',
      },
    ],
    needsAttention: 'boolean',
  },
  'token inspect': {
    file: 'text',
    environment: '"standard" | "US" | "FedRAMP" | "self-hosted" | "unknown"',
    'endpoint?': 'text',
    certificates: [{ subject: 'text', issuer: 'text', expires: 'time', hasExpired: 'boolean' }],
    'belongsToKey?': 'boolean',
    'key?': 'text',
  },
  whoami: {
    endpoint: 'text',
    method: 'text',
    source: 'text',
    id: 'text | null',
    'name?': 'text | null',
    'subject?': 'text',
    'expiresAt?': 'time',
  },
  'workerpool list': [{ ...POOL, workersCount: 'number', drainedWorkers: 'number' }],
  'workerpool show': { ...POOL, workers: [WORKER], 'token?': { state: 'text', meaning: 'text', 'advice?': 'text' } },
  'workerpool watch': { at: 'time', ...POOL, workers: [WORKER], 'queue?': [QUEUED] },
  'workerpool worker list': [WORKER],
};

/** Documents that depend on the argument, and files that other programs may want to read. */
export const MORE: Readonly<Record<string, Shape>> = {
  'spacectl ca-bundle inspect, of an image': INSPECTED_IMAGE,
  'The lock file of a bundle': LOCK,
  'spacelift-worker-check': WORKER_REPORT,
};

/** Commands that print no document of their own. */
export const OTHER: Readonly<Record<string, string>> = {
  completion: 'the script of the shell',
  schema: 'the JSON Schema of `spacectl.yaml`',
};

/** The shape of the document of a command, or of one of `MORE`. @returns `undefined` for `OTHER` and unknown commands */
export function shapeOf(command: string): Shape | undefined {
  const facts = FACTS[command];
  return facts ? reportOf(facts) : (RESULTS[command] ?? MORE[command]);
}
