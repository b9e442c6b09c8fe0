import type { TemporaryFolder } from '../files/temporary.ts';
import type { WatchedArrival } from '../spacelift/index.ts';
import type { HostReport } from './host-report.ts';

/** A host that the deployment makes a worker. */
export interface DeployedHost {
  /** As the user names it. */
  readonly name: string;
  /** The tag `host` of its worker in Spacelift; `undefined` if it is not known, or the user has set another. */
  readonly tag: string | undefined;
}

/** Hosts that are reached in the same way. */
export interface HostGroup {
  readonly hosts: readonly DeployedHost[];
  /** Runs the own checks of some of them. Hosts that do not answer are left out. */
  ask(names: readonly string[], signal: AbortSignal): Promise<readonly NamedReport[]>;
}

/** What the own checks of a host found. */
export interface NamedReport extends HostReport {
  readonly host: string;
}

/** What a deployment knows about its hosts and workers. Its steps add to it as they plan and run. */
export interface DeploymentState {
  /** How many workers the pool should have in the end. */
  expected: number;
  /** How many launchers were started. */
  started: number;
  /** The pool's ID, from the directory or from a configuration that created the pool. */
  pool: string | undefined;
  /** The pool's workers before anything was changed; `undefined` without a pool or without credentials. */
  arrival: WatchedArrival | undefined;
  /** Hosts that can be asked what is wrong if their workers are missing. */
  groups: HostGroup[];
  /** The configurations whose secrets were stored in this run, so that they could be planned. */
  readonly stored: Set<string>;
  /** Holds saved Terraform plans, which may contain secrets. */
  folder: TemporaryFolder | undefined;
}

/** The fact of a plan that only stores secrets, so that the rest can be planned: the directory of the configuration. */
export const SECRETS_FIRST = 'storesSecretsFirst';

/** Creates the state of a deployment that has not started. */
export function createState(): DeploymentState {
  return {
    expected: 0,
    started: 0,
    pool: undefined,
    arrival: undefined,
    groups: [],
    stored: new Set(),
    folder: undefined,
  };
}
