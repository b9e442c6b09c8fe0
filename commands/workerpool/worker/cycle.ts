import Cycle from '../cycle.ts';

/** The vendor's name for the same thing. */
export default class CycleWorkers extends Cycle {
  // oclif does not inherit them from a command that is itself one.
  static override baseFlags = Cycle.baseFlags;
  static override summary = 'Replace the workers of a worker pool; the same as workerpool cycle.';
}
