import { abortReason, UserError } from '../core/errors.ts';
import { badImage } from './bad-image.ts';
import { type Examination, NOT_EXAMINED, type PathTarget, type Questions } from './examination.ts';
import { type FoundAt, readFoundFiles } from './found-files.ts';
import type { Examined, Image, ImageFile, Layer } from './image.ts';
import { ScanFilter } from './layers/filter.ts';
import { compareNames, lastInOrder } from './layers/name-order.ts';
import { createProgress } from './layers/progress.ts';
import { isWorthReadingOn } from './layers/reading-order.ts';
import type { LayerScan } from './layers/scan.ts';
import { LayerScans } from './layers/scans.ts';
import { LIMITS } from './limits.ts';
import type { ExamineOptions, ReadOptions } from './readable-image.ts';
import { cleanPath, fromByteName, toByteName } from './tar/paths.ts';
import { type Applied, applyLayers } from './tree/apply.ts';
import { examineTree, targetOf } from './tree/examine-tree.ts';
import { canDecide, type PendingPath } from './tree/pending-path.ts';
import { resolvePath } from './tree/resolve-path.ts';
import { findStoppedTooEarly } from './tree/stopped-early.ts';
import { trustStoreNotFound } from './trust-store-not-found.ts';

/**
 * Reads the first of some paths that leads to a regular file that is not empty. Layers are read from the top down, and
 * only as far as the result depends on them.
 *
 * @throws UserError `SPACECTL_NO_BUNDLE` if no path does; `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`,
 *   `SPACECTL_UNREACHABLE`, `SPACECTL_NOT_ALLOWED`
 */
export async function readFirstFile(image: Image, paths: readonly string[], options: ReadOptions): Promise<ImageFile> {
  const [file] = await readFiles(image, paths, { ...options, isFirstEnough: true });
  return file as ImageFile;
}

/**
 * Reads all of some paths that lead to regular files that are not empty; or only the first, if that is enough.
 *
 * @throws UserError as `readFirstFile`
 */
export async function readFiles(
  image: Image,
  wanted: readonly string[],
  options: ReadOptions & { readonly isFirstEnough?: boolean },
): Promise<readonly ImageFile[]> {
  const { files } = await examineImage(image, wanted, options);
  return files;
}

/**
 * Reads files as `readFiles` does, and answers questions about the image. What layers decide that were not read stays
 * unknown; with `isFast`, so does what layers decide that were not read to their end.
 *
 * @throws UserError as `readFirstFile`
 */
export async function examineImage(
  image: Image,
  wanted: readonly string[],
  options: ExamineOptions,
): Promise<Examined> {
  const { layers } = image;
  const { questions, isThorough = false, isOptional = false } = options;
  const paths = wanted.map(toByteName);
  if (layers.length > LIMITS.layers) {
    throw badImage(`${image.reference} has ${layers.length} layers; the limit is ${LIMITS.layers}`);
  }
  const filter = new ScanFilter(paths, questions?.files);
  for (const each of questions?.paths ?? []) filter.widen(cleanPath(toByteName(each)));
  const budget = { steps: LIMITS.steps };
  const scans = new LayerScans(layers, filter, {
    signal: options.signal,
    ...(options.isFast && { stopAfter: lastInOrder(paths) }),
    ...createProgress(layers, options.report),
    ...options.cache?.forScans(filter),
  });
  try {
    return await readLayersAsNeeded();
  } finally {
    await scans.close();
  }

  async function readLayersAsNeeded(): Promise<Examined> {
    let rereads = 0;
    // Before a layer is read, the first path is unknown.
    let pending: PendingPath | undefined = { known: [], unknown: (paths[0] ?? '').split('/').filter(Boolean) };
    for (let lowest = layers.length - 1; ; ) {
      const read = await scans.readDownTo(lowest);
      if (options.signal.aborted) throw abortReason(options.signal);
      // Applying layers takes longer than checking whether it could settle anything.
      if (lowest > 0 && pending && read[0] && !canDecide(read[0].operations, pending)) {
        lowest--;
        continue;
      }
      const result = applyAndResolve(read, Math.max(lowest, 0));
      if (!result) continue;
      const { applied, found, open } = result;
      if (!open) {
        const unknown = findLayersStoppedEarly(read, Math.max(lowest, 0), [...found.visited]);
        pending = undefined;
        if (unknown.length > 0) scans.requireWhole(unknown);
        else if (found.files.length === 0 && !isOptional)
          throw trustStoreNotFound(image, wanted, applied, found.remarks);
        else {
          const files = await readFoundFiles(found.files, layers.slice(Math.max(lowest, 0)), {
            layers,
            scans,
            ...options,
          });
          const { paths: targets, ...rest } = questions ? await examine(questions, applied, lowest) : NOT_EXAMINED;
          return { files, examination: { ...rest, paths: { ...found.targets, ...targets } } };
        }
      } else if (open.outcome.kind === 'uncovered') {
        rereads++;
        if (rereads > LIMITS.rereads)
          throw badImage(`${fromByteName(open.path)} leads through too many links to resolve`);
        pending = undefined;
        filter.widen(open.outcome.names, open.outcome.path);
        await scans.restart();
      } else {
        if (lowest <= 0)
          throw new Error(
            `All layers of ${image.reference} are read, but ${fromByteName(open.path)} is still undecided`,
          );
        pending = open.outcome.pending;
        lowest--;
      }
    }
  }

  /** Answers the questions; reads the layers below for that if it may. */
  async function examine(asked: Questions, applied: Applied, lowest: number): Promise<Examination> {
    if (layers.some((layer) => scans.scanOf(layer)?.until)) return NOT_EXAMINED;
    if (lowest > 0 && (isThorough || (!options.isFast && isWorthReadingOn(layers, lowest)))) {
      try {
        return answer(asked, applyLayers(await scans.readDownTo(0), 0, filter, budget), true);
      } catch (error) {
        // The files were found: a layer that cannot be read is no reason to fail.
        if (isThorough || options.signal.aborted || !(error instanceof UserError)) throw error;
      }
    }
    return answer(asked, applied, lowest <= 0);
  }

  function answer(asked: Questions, applied: Applied, isComplete: boolean): Examination {
    const textsOf = (layer: number, position: number) => scans.scanOf(layers[layer] as Layer)?.texts.get(position);
    return examineTree(applied, asked, filter, textsOf, isComplete);
  }

  /** Applies the layers and resolves the paths; `undefined` if layers were stopped early and may be why that failed. */
  function applyAndResolve(read: readonly LayerScan[], lowest: number) {
    try {
      const applied = applyLayers(read, lowest, filter, budget);
      return { applied, ...resolvePaths(applied) };
    } catch (error) {
      const stopped = read.flatMap(({ until }, index) => (until ? [(layers[lowest + index] as Layer).digest] : []));
      if (stopped.length === 0 || !(error instanceof UserError)) throw error;
      scans.requireWhole(stopped);
      return undefined;
    }
  }

  /** Resolves the paths as far as the layers allow; `open` is the first that needs more layers. */
  function resolvePaths(applied: Applied) {
    const found = {
      files: [] as FoundAt[],
      visited: new Set<string>(),
      remarks: [] as string[],
      targets: {} as Record<string, PathTarget>,
    };
    for (const path of paths) {
      const outcome = resolvePath(applied, path, filter);
      if (outcome.kind === 'uncovered' || outcome.kind === 'undecided') return { found, open: { path, outcome } };
      for (const each of outcome.visited) found.visited.add(each);
      found.targets[fromByteName(path)] = targetOf(outcome);
      if (outcome.kind === 'absent') {
        if (outcome.isCircle) found.remarks.push(`${fromByteName(path)} leads through more than ${LIMITS.links} links`);
      } else if (outcome.size === 0) {
        found.remarks.push(`${fromByteName(path)} is empty`);
      } else {
        found.files.push({ path, outcome });
        if (options.isFirstEnough) break;
      }
    }
    return { found, open: undefined };
  }

  /** Finds layers that were stopped before something that turned out to matter. */
  function findLayersStoppedEarly(
    read: readonly LayerScan[],
    lowest: number,
    visited: readonly string[],
  ): readonly string[] {
    if (read.every(({ until }) => until === undefined)) return [];
    const stopped = read.map(({ operations, until }) => ({
      operations,
      isStoppedBefore: (path: string) => until !== undefined && compareNames(path.split('/'), until) > 0,
    }));
    const isTooEarly = findStoppedTooEarly(stopped, visited);
    return read.flatMap((_, index) => (isTooEarly[index] ? [(layers[lowest + index] as Layer).digest] : []));
  }
}
