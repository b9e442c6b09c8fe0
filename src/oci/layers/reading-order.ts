import type { Layer } from '../image.ts';

/** How many layers are read at once: more gain nothing on two processors, and registries limit requests. */
const MAX_CONCURRENT_LAYERS = 3;
/** How many of them on threads: each takes 15 MB, and more gain nothing on two processors. */
export const MAX_THREADS = 2;
/**
 * Bytes read of the layers above before a layer is started ahead of need: they may show that it is not needed. A layer that
 * may be stopped early costs so little that it does not wait.
 */
const HEAD_START = 2 * 1024 * 1024;

/** A layer that is being read, and how many of its bytes have come. */
export interface LayerInProgress {
  readonly layer: Layer;
  readonly read: number;
}

/** The progress of reading the layers of an image. */
export interface ReadState {
  /** Bottom first. */
  readonly layers: readonly Layer[];
  /** The lowest layer that is needed, and the lowest to read ahead. */
  readonly lowest: number;
  readonly lowestAhead: number;
  readonly running: readonly LayerInProgress[];
  /** Reports whether a layer was read, or has failed. */
  isKnown(layer: Layer): boolean;
  /** Reports whether a layer may be stopped before its end. */
  mayStop(layer: Layer): boolean;
  /** Reports whether a layer is read on a thread. */
  isForThread(layer: Layer): boolean;
}

/**
 * Chooses the layer to read next: from the top down, first those that are needed, then some that may be.
 * @returns its index, counted from the bottom; `undefined` if none may be started now
 */
export function nextLayerToRead(state: ReadState): number | undefined {
  const { layers, lowest, lowestAhead, running, isKnown, mayStop, isForThread } = state;
  if (running.length >= MAX_CONCURRENT_LAYERS) return undefined;
  const isRunning = ({ digest }: Layer) => running.some(({ layer }) => layer.digest === digest);
  for (let index = layers.length - 1; index >= Math.max(Math.min(lowest, lowestAhead), 0); index--) {
    const layer = layers[index] as Layer;
    if (isKnown(layer) || isRunning(layer)) continue;
    if (index < lowest && (index < lowestAhead || !(mayStop(layer) || running.every(hasHeadStart)))) return undefined;
    const busyThreads = running.filter((each) => isForThread(each.layer)).length;
    return isForThread(layer) && busyThreads >= MAX_THREADS ? undefined : index;
  }
  return undefined;
}

/** Reports whether enough of a layer was read to start the layers below it ahead of need. */
export function hasHeadStart({ read }: Pick<LayerInProgress, 'read'>): boolean {
  return read >= HEAD_START;
}

/** The part of the bytes read that may be read more to find out more: so much longer may reading an image take. */
const EXTRA_SHARE = 0.1;

/** Reports whether the layers below one are a small part of the image. */
export function isWorthReadingOn(layers: readonly Layer[], lowest: number): boolean {
  const sizeOf = (some: readonly Layer[]) => some.reduce((sum, { size }) => sum + size, 0);
  return sizeOf(layers.slice(0, lowest)) <= EXTRA_SHARE * sizeOf(layers.slice(lowest));
}
