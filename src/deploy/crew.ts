import type { TemporaryFolder } from '../files/temporary.ts';
import type { WatchedArrival } from '../spacelift/index.ts';

/** What a deployment knows about its workers. Its steps add to it as they plan and run. */
export interface Crew {
  /** How many workers the pool should have in the end. */
  expected: number;
  /** How many launchers were started. */
  started: number;
  /** The pool's ID, from the directory or from a configuration that created the pool. */
  pool: string | undefined;
  /** The pool's workers before anything was changed; `undefined` without a pool or without credentials. */
  arrival: WatchedArrival | undefined;
  /** Functions that run the hosts' own checks, called if workers are missing. */
  readonly inquiries: (() => Promise<readonly HostVerdict[]>)[];
  /** Holds saved Terraform plans, which may contain secrets. */
  folder: TemporaryFolder | undefined;
}

/** What a host's own checks found. */
export interface HostVerdict {
  readonly host: string;
  readonly faults: readonly string[];
}

/** Creates the state of a deployment that has not started. */
export function createCrew(): Crew {
  return { expected: 0, started: 0, pool: undefined, arrival: undefined, inquiries: [], folder: undefined };
}
