import Cycle from '../cycle.ts';

/** Runs `workerpool cycle` under the name that Spacelift's own CLI gives it. */
export default class CycleWorkers extends Cycle {
  // oclif does not inherit base flags from a class that is itself a command.
  static override baseFlags = Cycle.baseFlags;
  static override summary = 'Replace the workers of a worker pool; the same as workerpool cycle.';
}
