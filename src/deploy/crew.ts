import type { TemporaryFolder } from '../files/temporary.ts';
import type { WatchedArrival } from '../spacelift/index.ts';

/** What a deployment knows of the workers that it brings. Its steps add to it as they plan and run. */
export interface Crew {
  /** How many workers the pool should have in the end. */
  expected: number;
  /** How many launchers were started. */
  started: number;
  /** The pool's ID: that of the directory, or of a configuration that created it. */
  pool: string | undefined;
  /** Its workers before anything was changed; `undefined` without a pool or without credentials. */
  arrival: WatchedArrival | undefined;
  /** Ask the hosts themselves, if workers are missing. */
  readonly inquiries: (() => Promise<readonly HostVerdict[]>)[];
  /** Holds saved plans, which may have secrets in them. */
  folder: TemporaryFolder | undefined;
}

/** What a host's own checks found. */
export interface HostVerdict {
  readonly host: string;
  readonly faults: readonly string[];
}

/** Creates the crew of a deployment that has not begun. */
export function createCrew(): Crew {
  return { expected: 0, started: 0, pool: undefined, arrival: undefined, inquiries: [], folder: undefined };
}
