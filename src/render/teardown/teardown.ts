import type { NextStep } from '../../step/next.ts';

/** What is known of the hosts of a target when they are torn down. */
export interface TeardownGiven {
  /** The folder or file of the target, as the pool's folder was named. */
  readonly place: string;
  /** IDs of the pool's EC2 instances, as far as workers report them. */
  readonly instances: readonly string[];
}

/** Says how the hosts of a target are torn down, in order. The pool and its secrets come last, and are not part of it. */
export type Teardown = (given: TeardownGiven) => readonly NextStep[];
