import { UserError } from '../../core/errors.ts';
import { undoIfStopped } from '../../core/unfinished.ts';
import { LONG_TIMEOUT, runProgram } from '../../programs/index.ts';
import { NOT_EXAMINED } from '../examination.ts';
import { fileNotFound } from '../file-not-found.ts';
import type { ImageFile } from '../image.ts';
import { LIMITS } from '../limits.ts';
import type { EngineImage } from '../location.ts';
import { formatPlatform, type Platform, rankPlatform } from '../platform.ts';
import type { ExamineOptions, OpenImage, ReadOptions } from '../readable-image.ts';
import { formatReference } from '../reference.ts';
import { type Container, type Engine, engineError, findEntry } from './container.ts';
import { findEngine, formatForEngine, inspectImage, type LocalImage } from './inspection.ts';

interface EngineOptions extends ReadOptions {
  readonly platform: Platform;
  /** Whether the engine may pull an image that it does not have. Default: true. */
  readonly mayPull?: boolean;
}

/**
 * Opens an image of a container engine on this machine; the engine pulls it, with its own logins, if it does not have it.
 * Files are copied from a container that is created but never run, so that nothing of the image is executed.
 *
 * @throws UserError `SPACECTL_PROGRAM_MISSING`, `SPACECTL_PROGRAM_FAILED`, `SPACECTL_NO_IMAGE` for another platform
 */
export async function openEngineImage(
  image: EngineImage,
  program: Engine['program'],
  { platform, signal, mayPull = true, report = () => {} }: EngineOptions,
): Promise<OpenImage> {
  const engine = await findEngine(program, signal);
  const {
    isById = false,
    variables,
    ...local
  } = (await inspectImage(engine, image, signal)) ?? (await pull(engine, image, { platform, signal, mayPull, report }));
  // An ID leaves no doubt.
  if (!isById && rankPlatform(local.platform, platform) === 0) throw otherPlatform(engine, local, platform);
  const { container, remove } = await create(engine, local, signal);
  return {
    ...local,
    source: program,
    async readFirstFile(paths, options) {
      const [file] = await readFiles(container, local.reference, paths, { ...options, isFirstEnough: true });
      return file as ImageFile;
    },
    environment: async () => variables,
    // Every lookup runs the engine's program: only the files are read.
    async examine(paths, options) {
      const files = await readFiles(container, local.reference, paths, options);
      const targets = files.map(
        ({ path, resolvedPath, bytes }) => [path, { kind: 'file', resolvedPath, size: bytes.length }] as const,
      );
      return { files, examination: { ...NOT_EXAMINED, paths: Object.fromEntries(targets) } };
    },
    close: remove,
  };
}

/** Pulls an image by its name. @throws UserError `SPACECTL_NO_IMAGE` for an ID, `SPACECTL_PROGRAM_FAILED` */
async function pull(
  engine: Engine,
  { id, reference }: EngineImage,
  { platform, signal, mayPull, report }: Required<Pick<EngineOptions, 'platform' | 'signal' | 'mayPull' | 'report'>>,
): Promise<LocalImage> {
  const { program } = engine;
  if (!reference) {
    throw new UserError('SPACECTL_NO_IMAGE', `${program} has no image with the ID ${id}`, {
      suggestions: [`List them with ${program} image ls`, 'Pass HOST/REPOSITORY:TAG if it is a name'],
    });
  }
  const name = formatReference(reference);
  if (!mayPull) throw engineError(engine, `does not have ${name}`, '');
  report(`Pulling ${name} with ${program}`);
  const args = ['pull', '--platform', formatPlatform(platform), formatForEngine(reference)];
  const { exitCode, stderr } = await runProgram(program, args, { signal, timeout: LONG_TIMEOUT });
  if (exitCode !== 0) {
    throw engineError(engine, `does not have ${name}, and cannot pull it`, stderr, [
      `Check the name with ${program} image ls, and load or build the image again if it is gone`,
      `Pass --source registry if ${program} is not to pull it`,
    ]);
  }
  const pulled = await inspectImage(engine, { reference }, signal);
  if (!pulled) throw engineError(engine, `does not have ${name} after pulling it`, '');
  return pulled;
}

async function readFiles(
  container: Container,
  reference: string,
  paths: readonly string[],
  { signal, report = () => {}, isFirstEnough = false, isOptional = false }: ExamineOptions,
): Promise<readonly ImageFile[]> {
  const files: ImageFile[] = [];
  for (const path of paths) {
    report(`Looking for ${path}`);
    const found = await resolve({ ...container, signal }, path);
    if (!found || found.bytes.length === 0) continue;
    files.push({ path, ...found, verifiedLayers: [], unverifiedLayers: [] });
    if (isFirstEnough) break;
  }
  if (files.length === 0 && !isOptional) throw fileNotFound(reference, paths, '');
  return files;
}

/** Resolves a path in a container as Linux would after a chroot to the image's root. */
async function resolve(
  container: Container,
  path: string,
): Promise<{ resolvedPath: string; bytes: Buffer } | undefined> {
  const todo = path.split('/').reverse();
  let at: string[] = [];
  let links = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      at.pop();
      continue;
    }
    const own = `/${[...at, name].join('/')}`;
    const seen = await findEntry(container, own);
    if (!seen) return undefined;
    if (seen.kind === 'symbolic link') {
      links++;
      if (links > LIMITS.links) return undefined;
      if (seen.target.startsWith('/')) at = [];
      todo.push(...seen.target.split('/').reverse());
    } else if (seen.kind === 'directory') at.push(name);
    else return seen.kind === 'file' && todo.length === 0 ? { resolvedPath: own, bytes: seen.bytes } : undefined;
  }
  return undefined;
}

/** Creates a container that is removed when the image is closed or the program is interrupted. */
async function create(
  engine: Engine,
  { reference, imageId }: Pick<LocalImage, 'reference' | 'imageId'>,
  signal: AbortSignal,
): Promise<{ container: Container; remove: () => Promise<void> }> {
  const name = `spacectl-${crypto.randomUUID()}`;
  const remove = async () => {
    // Without the user's signal: the container must be removed after an interruption too.
    const own = { signal: AbortSignal.timeout(30_000) };
    await runProgram(engine.program, ['rm', '--force', '--volumes', name], own).catch(() => {});
    isRemoved();
  };
  const isRemoved = undoIfStopped(remove);
  try {
    // Images without a command and an entry point need one; it is never run.
    const args = ['create', '--name', name, '--network', 'none', imageId, 'never-run'];
    const { exitCode, stderr } = await runProgram(engine.program, args, { signal });
    if (exitCode !== 0) throw engineError(engine, `create failed for ${reference}`, stderr);
    return { container: { engine, name, signal, entries: new Map() }, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function otherPlatform(
  { program }: Engine,
  { reference, platform }: Pick<LocalImage, 'reference' | 'platform'>,
  wanted: Platform,
): UserError {
  const own = formatPlatform(platform);
  const message = `${program} has ${reference} for ${own}, not for ${formatPlatform(wanted)}`;
  return new UserError('SPACECTL_NO_IMAGE', message, { suggestions: [`Pass --platform ${own}`] });
}
