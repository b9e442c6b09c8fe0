import type { Shape } from './shape.ts';

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
export const ERROR: Shape = { error: { code: 'text', message: 'text', suggestions: ['text'] } };

const READERS: Shape = { '*': { trusts: 'boolean', 'reason?': 'text', 'since?': 'text' } };
const BUNDLE_FACTS: Shape = {
  output: 'text',
  readerFindings: [{ '*': 'any' }],
  version: 'number',
  source: 'text',
  'image?': {
    reference: 'text',
    'manifestDigest?': 'text',
    platform: 'text',
    path: 'text',
    resolvedPath: 'text',
    'layer?': 'text',
    'verifiedLayers?': ['text'],
    'unverifiedLayers?': ['text'],
    '*': 'any',
  },
  'clients?': [
    {
      client: 'text',
      reads: ['text'],
      sees: '"yes" | "no" | "with variable" | "unknown"',
      basis: 'text',
      'source?': 'text',
      '*': 'any',
    },
  ],
  'mozilla?': { node: 'text' },
  'mountPath?': 'text',
  'mountPaths?': ['text'],
  base: { sha256: 'sha256', certificates: 'number' },
  result: { file: 'text', sha256: 'sha256', certificates: 'number' },
  given: [{ files: [{ path: 'text', sha256: 'sha256' }], '*': 'any' }],
  added: [{ subject: 'text', fingerprint: 'text', notAfter: 'time', 'source?': 'text' }],
  'inBase?': [{ subject: 'text', fingerprint: 'text', notAfter: 'time', 'source?': 'text' }],
  '*': 'any',
};
const FOLDER: Shape = { folder: 'text', hasSecrets: 'boolean' };
const TERRAFORM: Shape = {
  folder: 'text',
  cloud: 'text',
  module: { source: 'text', version: 'text', isVerified: 'boolean' },
  bootData: { limit: 'number', configuration: 'number', isEstimate: 'boolean', bytes: 'number', room: 'number' },
  missingVariables: ['text'],
};
const WORKER: Shape = {
  id: 'text',
  busy: 'boolean',
  drained: 'boolean',
  metadata: { '*': 'text' },
  createdAt: 'number',
  'availableAt?': 'number | null',
  'status?': 'text | null',
};
const SETTINGS: Shape = {
  name: 'text',
  description: 'text | null',
  labels: ['text'],
  space: 'text | null',
  'driftDetectionRunLimit?': 'number | null',
};
const POOL: Readonly<Record<string, Shape>> = {
  id: 'text',
  ...(SETTINGS as Readonly<Record<string, Shape>>),
  createdAt: 'number | null',
  pendingRuns: 'number',
  busyWorkers: 'number',
  'schedulableRunsCount?': 'number | null',
  'managedByK8sController?': 'boolean | null',
};
const CYCLE: Shape = { id: 'text', name: 'text', workers: 'number', busyWorkers: 'number' };
const PROFILE: Readonly<Record<string, Shape>> = {
  alias: 'text',
  isCurrent: 'boolean',
  endpoint: 'text',
  method: '"apikey" | "github" | "token"',
};
const RELEASE: Readonly<Record<string, Shape>> = {
  arch: '"x86_64" | "aarch64"',
  environment: '"standard" | "us" | "fedramp"',
  domain: 'text',
};
const DIAGNOSIS: Shape = {
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
const VERDICT: Shape = { isTrusted: 'boolean', reason: 'text', 'trustedBy?': 'text' };
const SETUP: Shape = { '*': 'any' };

/** The `facts` of commands that change something: an object by the name of the step. */
export const FACTS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  init: { '*': SETUP },
  apply: { '*': SETUP },
  deploy: { '*': SETUP },
  'ca-bundle build': { caBundle: BUNDLE_FACTS },
  'ca-bundle check': {
    caBundleCheck: { bundle: 'text', fresh: 'boolean', reasons: [{ kind: 'text', '*': 'any' }] },
  },
  'keypair generate': { keypair: {} },
  'keypair rotate': { rotateKey: { id: 'text', name: 'text', stale: ['text'] } },
  'launcher download': {
    launcher: {
      file: 'text',
      origin: 'text',
      sha256: 'sha256',
      'arch?': '"x86_64" | "aarch64"',
      'environment?': 'text',
      'domain?': 'text',
      'fingerprint?': 'text',
      'signedAt?': 'time',
      'keyExpiresAt?': 'time',
    },
  },
  'profile login': { loginProfile: { alias: 'text', endpoint: 'text', method: 'text' } },
  'profile logout': { logoutProfile: { alias: 'text' } },
  'profile select': { selectProfile: { alias: 'text' } },
  'render ansible': { ansible: { folder: 'text', hosts: ['text'], serial: 'text', hasVault: 'boolean' } },
  'render cloud-init': { cloudInit: { file: 'text', cloud: 'text', hasSecrets: 'boolean', size: 'number' } },
  'render docker': { docker: { folder: 'text', image: 'text', hasSecrets: 'boolean' } },
  'render ecs': {
    ecs: { folder: 'text', strategy: 'text', arch: 'text', hasPlaceholders: 'boolean', missingVariables: ['text'] },
  },
  'render systemd': { systemd: FOLDER },
  'render terraform': { 'terraformAws?': TERRAFORM, 'terraformAzure?': TERRAFORM, 'terraformGcp?': TERRAFORM },
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
  'workerpool create': { createWorkerPool: { name: 'text', endpoint: 'text', id: 'text' } },
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
        fate: 'text',
        'daysLeft?': 'number',
        'released?': 'time',
        'deprecates?': 'time',
        'removed?': 'time',
        'note?': 'text',
      },
    ],
    actionNeeded: 'boolean',
  },
  'ami latest': { id: 'text', name: 'text', released: 'time', architecture: 'text' },
  'ca-bundle diff': {
    a: 'text',
    b: 'text',
    same: 'number',
    differences: [
      {
        change: '"added" | "removed" | "distrusted" | "trusted"',
        subject: 'text',
        fingerprint: 'text',
        notAfter: 'time',
      },
    ],
  },
  'ca-bundle inspect': {
    file: 'text',
    total: 'number',
    items: [
      {
        position: 'number',
        place: 'text',
        certificate: {
          subject: 'text',
          issuer: 'text',
          isRoot: 'boolean',
          key: 'text',
          notBefore: 'time',
          notAfter: 'time',
          fingerprint: 'text',
        },
        'origin?': 'text',
        warnings: ['text'],
        readers: READERS,
        '*': 'any',
      },
    ],
  },
  'ca-bundle probe': {
    bundle: 'text',
    servers: [
      {
        target: 'text',
        isReachable: 'boolean',
        isTrusted: 'boolean',
        verdict: 'text',
        'protocol?': 'text',
        'go?': VERDICT,
        'openssl?': VERDICT,
        chain: [{ subject: 'text', fingerprint: 'text', notAfter: 'text' }],
      },
    ],
  },
  doctor: DIAGNOSIS,
  'host doctor': DIAGNOSIS,
  'host status': { root: 'text', isInstalled: 'boolean', isUnfinished: 'boolean', isCompared: 'boolean', '*': 'any' },
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
        '*': 'any',
      },
    ],
    needsAttention: 'boolean',
  },
  'token inspect': {
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
  'workerpool watch': { at: 'time', ...POOL, workers: [WORKER], 'queue?': [{ '*': 'any' }] },
  'workerpool worker list': [WORKER],
};

/** Commands that print no document of their own: `host` commands need a booted host, and a schema is itself JSON. */
export const OTHER: Readonly<Record<string, string>> = {
  completion: 'the script of the shell',
  schema: 'the JSON Schema of `spacectl.yaml`',
  'host install': 'the report below, with `facts.hostInstall`',
  'host update': 'the report below',
  'host uninstall': 'the report below',
};

/** The shape of the document of a command. @returns `undefined` for `OTHER` and unknown commands */
export function shapeOf(command: string): Shape | undefined {
  const facts = FACTS[command];
  return facts ? reportOf(facts) : RESULTS[command];
}
