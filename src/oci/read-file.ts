import { abortReason, type UserError } from '../core/errors.ts';
import { badImage } from './bad-image.ts';
import type { Image, ImageFile, Layer } from './image.ts';
import { looksLikeCertificate, ScanFilter } from './layers/filter.ts';
import { compareNames } from './layers/name-order.ts';
import { progressOf } from './layers/progress.ts';
import { nameOf } from './layers/readable-layer.ts';
import { type LayerScan, readContent } from './layers/scan.ts';
import { LayerScans } from './layers/scans.ts';
import { LIMITS } from './limits.ts';
import { noFileAmong } from './no-file.ts';
import type { ReadOptions } from './readable-image.ts';
import { cleanPath } from './tar/paths.ts';
import { type Applied, applyLayers } from './tree/apply.ts';
import { canSettle, type PendingPath } from './tree/pending-path.ts';
import { type Outcome, resolvePath } from './tree/resolve-path.ts';
import type { Directory } from './tree/tree.ts';

type Found = Outcome & { readonly kind: 'file' };

/**
 * Reads the first of some paths that leads to a plain file with something in it. Layers are read from the top down, and
 * no further than the answer needs: those below the one that settles it are not asked for.
 *
 * @throws UserError `SPACECTL_NO_BUNDLE` if no path does; `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`,
 *   `SPACECTL_UNREACHABLE`, `SPACECTL_NOT_ALLOWED`
 */
export async function readFirstFile(image: Image, paths: readonly string[], options: ReadOptions): Promise<ImageFile> {
  const [file] = await readFiles(image, paths, { ...options, isFirstEnough: true });
  return file as ImageFile;
}

/**
 * Reads all of some paths that lead to plain files with something in them; or, if the first is enough, that one.
 *
 * @throws UserError as `readFirstFile`
 */
export async function readFiles(
  image: Image,
  paths: readonly string[],
  options: ReadOptions & { readonly isFirstEnough?: boolean },
): Promise<readonly ImageFile[]> {
  const { layers } = image;
  if (layers.length > LIMITS.layers) throw badImage(`${image.reference} has ${layers.length} layers`);
  const filter = new ScanFilter(paths);
  const budget = { steps: LIMITS.steps };
  const scans = new LayerScans(layers, filter, {
    signal: options.signal,
    ...(options.isFast && { stopAfter: lastOf(paths) }),
    ...progressOf(layers, options.report),
    ...options.cache?.forScans(filter),
  });
  try {
    return await decide();
  } finally {
    await scans.close();
  }

  async function decide(): Promise<readonly ImageFile[]> {
    let rereads = 0;
    // With no layer read, nothing is known of the first path.
    let pending: PendingPath | undefined = { known: [], unknown: (paths[0] ?? '').split('/').filter(Boolean) };
    for (let lowest = layers.length - 1; ; ) {
      const read = await scans.downTo(lowest);
      if (options.signal.aborted) throw abortReason(options.signal);
      // Putting layers together takes longer than looking whether it would be for nothing.
      if (lowest > 0 && pending && read[0] && !canSettle(read[0].operations, pending)) {
        lowest--;
        continue;
      }
      const applied = applyLayers(read, Math.max(lowest, 0), filter, budget);
      const { found, open } = outcomes(applied);
      if (!open) {
        const unknown = layersLeftEarly(read, Math.max(lowest, 0), [...found.visited]);
        pending = undefined;
        if (unknown.length > 0) scans.demandWhole(unknown);
        else if (found.files.length === 0) throw noFile(image, paths, applied, found.remarks);
        else return contents(found.files, lowest);
      } else if (open.outcome.kind === 'uncovered') {
        rereads++;
        if (rereads > LIMITS.rereads) throw badImage(`${open.path} leads through too many links`);
        pending = undefined;
        filter.widen(open.outcome.names, open.outcome.path);
        await scans.restart();
      } else {
        if (lowest <= 0)
          throw new Error(`All layers of ${image.reference} are read, and do not say where ${open.path} leads`);
        pending = open.outcome.pending;
        lowest--;
      }
    }
  }

  /** What is known of the paths; `open` is the first of which too little is known yet. */
  function outcomes(applied: Applied) {
    const found = {
      files: [] as { path: string; outcome: Found }[],
      visited: new Set<string>(),
      remarks: [] as string[],
    };
    for (const path of paths) {
      const outcome = resolvePath(applied, path, filter);
      if (outcome.kind === 'uncovered' || outcome.kind === 'undecided') return { found, open: { path, outcome } };
      for (const each of outcome.visited) found.visited.add(each);
      if (outcome.kind === 'absent') {
        if (outcome.isCircle)
          found.remarks.push(`${path} is a link that leads through more than ${LIMITS.links} others`);
      } else if (outcome.size === 0) {
        found.remarks.push(`${path} is empty`);
      } else {
        found.files.push({ path, outcome });
        if (options.isFirstEnough) break;
      }
    }
    return { found, open: undefined };
  }

  /** Layers that were left before they came to one of the paths that turned out to matter. */
  function layersLeftEarly(read: readonly LayerScan[], lowest: number, visited: readonly string[]): readonly string[] {
    return read.flatMap(({ until }, index) => {
      const isLeft = until && visited.some((path) => compareNames(cleanPath(path), until) > 0);
      return isLeft ? [(layers[lowest + index] as Layer).digest] : [];
    });
  }

  async function contents(files: readonly { path: string; outcome: Found }[], lowest: number): Promise<ImageFile[]> {
    const read = layers.slice(Math.max(lowest, 0)).reverse();
    const digests = (isWhole: boolean) => [
      ...new Set(
        read.filter((layer) => (scans.of(layer)?.until === undefined) === isWhole).map(({ digest }) => digest),
      ),
    ];
    const [verifiedLayers, unverifiedLayers] = [digests(true), digests(false)];
    const all: ImageFile[] = [];
    for (const { path, outcome } of files) {
      const layer = layers[outcome.layer] as Layer;
      const { resolvedPath } = outcome;
      const bytes = await contentOf(layer, outcome);
      all.push({ path, resolvedPath, bytes, layer: layer.digest, verifiedLayers, unverifiedLayers });
    }
    return all;
  }

  async function contentOf(layer: Layer, { position, size }: Found): Promise<Buffer> {
    if (size > LIMITS.fileBytes) throw badImage(`The file has ${size} bytes: too much for a trust store`);
    const kept = scans.of(layer)?.contents.get(position);
    if (kept) return kept;
    options.report?.(`Reading once more: ${nameOf(layer)}`);
    return readContent(layer, position, size, options.signal);
  }
}

/** The path that comes last in the order in which layers are written. */
function lastOf(paths: readonly string[]): readonly string[] {
  return paths.map(cleanPath).sort(compareNames).at(-1) ?? [];
}

function noFile(image: Image, paths: readonly string[], { root }: Applied, remarks: readonly string[]): UserError {
  const others = certificateFiles(root);
  const found = others.length > 0 ? `It has ${others.slice(0, 10).join(', ')}` : 'No file in it ends in .pem or .crt';
  const more = others.length > 10 ? ` and ${others.length - 10} more` : '';
  return noFileAmong(image.reference, paths, [...remarks, `${found}${more}`].join('. '));
}

/** Paths of plain files that look like certificates, those nearest to the root first. */
function certificateFiles(root: Directory): readonly string[] {
  const found: string[] = [];
  const todo = [{ path: '', directory: root }];
  for (const { path, directory } of todo) {
    for (const [name, node] of directory.children) {
      if (node.kind === 'directory') todo.push({ path: `${path}/${name}`, directory: node });
      else if (node.kind === 'file' && node.size > 0 && looksLikeCertificate(name)) found.push(`${path}/${name}`);
    }
  }
  return found;
}
