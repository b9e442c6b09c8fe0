import type { UserError } from '../step/errors.ts';
import { type Applied, applyLayers } from './apply.ts';
import { badImage } from './bad-image.ts';
import type { Image, ImageFile, Layer, ReadOptions } from './image.ts';
import { Interest, looksLikeCertificate } from './interest.ts';
import { LIMITS } from './limits.ts';
import { noFileAmong } from './no-file.ts';
import { nameOf } from './readable-layer.ts';
import { type Allowance, readContent, type Survey, surveyLayer } from './survey.ts';
import type { Directory } from './tree.ts';
import { type Outcome, walk } from './walk.ts';

/**
 * Reads the first of some paths that leads to a plain file with something in it. Layers are read from the top down, each
 * to its end, and no further than the answer needs: those below the one that settles it are not asked for.
 *
 * @throws UserError `SPACECTL_NO_BUNDLE` if no path does; `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`,
 *   `SPACECTL_UNREACHABLE`, `SPACECTL_NOT_ALLOWED`
 */
export async function readFirstFile(image: Image, paths: readonly string[], options: ReadOptions): Promise<ImageFile> {
  const { layers } = image;
  if (layers.length > LIMITS.layers) throw badImage(`${image.reference} has ${layers.length} layers`);
  const interest = new Interest(paths);
  const budget = { steps: LIMITS.steps };
  const verified = new Set<string>();
  let rereads = 0;
  let surveys = new Map<string, Survey>();
  let allowance: Allowance = { bytes: LIMITS.keptBytes };
  for (let lowest = layers.length - 1; ; ) {
    await surveyFrom(lowest);
    const read = layers.slice(Math.max(lowest, 0)).map(({ digest }) => surveys.get(digest) as Survey);
    const applied = applyLayers(read, Math.max(lowest, 0), interest, budget);
    const { path, outcome } = firstOutcome(applied, paths, interest);
    if (outcome.kind === 'undecided') {
      if (lowest <= 0) throw new Error(`All layers of ${image.reference} are read, and do not say where ${path} leads`);
      lowest--;
    } else if (outcome.kind === 'uncovered') {
      rereads++;
      if (rereads > LIMITS.rereads) throw badImage(`${path} leads through too many links`);
      interest.widen(outcome.names, outcome.path);
      surveys = new Map();
      allowance = { bytes: LIMITS.keptBytes };
    } else if (outcome.kind === 'absent') throw noFile(image, paths, applied);
    else {
      const layer = layers[outcome.layer] as Layer;
      const bytes = await contentOf(layer, outcome);
      const { resolvedPath } = outcome;
      return { path, resolvedPath, bytes, layer: layer.digest, verifiedLayers: [...verified], unverifiedLayers: [] };
    }
  }

  /** Reads what has not been read of the layers from the top down to one. */
  async function surveyFrom(lowest: number): Promise<void> {
    for (let index = layers.length - 1; index >= Math.max(lowest, 0); index--) {
      const layer = layers[index] as Layer;
      if (surveys.has(layer.digest)) continue;
      options.report?.(`Reading layer ${layers.length - index} of ${layers.length}, ${megabytes(layer.size)}`);
      surveys.set(layer.digest, await surveyLayer(layer, interest, allowance, options.signal));
      verified.add(layer.digest);
    }
  }

  async function contentOf(layer: Layer, { position, size }: { position: number; size: number }): Promise<Buffer> {
    if (size > LIMITS.fileBytes) throw badImage(`The file has ${size} bytes: too much for a trust store`);
    const kept = surveys.get(layer.digest)?.contents.get(position);
    if (kept) return kept;
    options.report?.(`Reading once more: ${nameOf(layer)}`);
    return readContent(layer, position, size, options.signal);
  }
}

/** What the first path that is not known to be empty or missing leads to. */
function firstOutcome(
  applied: Applied,
  paths: readonly string[],
  interest: Interest,
): { path: string; outcome: Outcome } {
  for (const path of paths) {
    const outcome = walk(applied, path, interest);
    if (outcome.kind !== 'absent' && !(outcome.kind === 'file' && outcome.size === 0)) return { path, outcome };
  }
  return { path: '', outcome: { kind: 'absent' } };
}

function noFile(image: Image, paths: readonly string[], { root }: Applied): UserError {
  const others = certificateFiles(root);
  const found = others.length > 0 ? `It has ${others.slice(0, 10).join(', ')}` : 'No file in it ends in .pem or .crt';
  const more = others.length > 10 ? ` and ${others.length - 10} more` : '';
  return noFileAmong(image.reference, paths, `${found}${more}`);
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

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
