import type { Layer } from '../image.ts';

/** How many layers are read at a time: two processors, and registries that count requests, have no use for more. */
const AT_A_TIME = 3;
/** Of those, how many by threads: each takes 15 MB, and more gain nothing where there are two processors. */
export const MOST_THREADS = 2;
/**
 * A layer is not begun before those above it have had this many bytes to show that they settle the matter; one that may
 * be left early costs so little that it need not wait.
 */
const HEAD_START = 2 * 1024 * 1024;

/** A layer that is being read, and how many bytes of it have come. */
export interface Begun {
  readonly layer: Layer;
  readonly read: number;
}

/** How things stand with the layers of an image. */
export interface Situation {
  /** Bottom first. */
  readonly layers: readonly Layer[];
  /** The lowest that is asked for, and the lowest worth reading ahead of that. */
  readonly lowest: number;
  readonly floor: number;
  readonly running: readonly Begun[];
  /** Whether nothing is left to do about a layer. */
  isKnown(layer: Layer): boolean;
  /** Whether a layer may be left before its end. */
  mayStop(layer: Layer): boolean;
  isForThread(layer: Layer): boolean;
}

/**
 * The layer that is to be begun now: from the top down, those asked for, and then some perhaps for nothing.
 * @returns its number, counted from the bottom; `undefined` if none is
 */
export function nextToBegin(situation: Situation): number | undefined {
  const { layers, lowest, floor, running, isKnown, mayStop, isForThread } = situation;
  if (running.length >= AT_A_TIME) return undefined;
  const isRunning = ({ digest }: Layer) => running.some(({ layer }) => layer.digest === digest);
  for (let index = layers.length - 1; index >= Math.max(Math.min(lowest, floor), 0); index--) {
    const layer = layers[index] as Layer;
    if (isKnown(layer) || isRunning(layer)) continue;
    if (index < lowest && (index < floor || !(mayStop(layer) || running.every(hadHeadStart)))) return undefined;
    const busyThreads = running.filter((each) => isForThread(each.layer)).length;
    return isForThread(layer) && busyThreads >= MOST_THREADS ? undefined : index;
  }
  return undefined;
}

/** Whether a layer has had the time to show that those below it are not needed. */
export function hadHeadStart({ read }: Pick<Begun, 'read'>): boolean {
  return read >= HEAD_START;
}
