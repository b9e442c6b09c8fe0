import Cycle from '../cycle.ts';

/** The vendor's name for the same thing. */
export default class CycleWorkers extends Cycle {
  static override summary = 'Replace the workers of a worker pool; the same as workerpool cycle.';
}
