import { UserError } from '../../core/errors.ts';
import { undoIfStopped } from '../../core/unfinished.ts';
import { runProgram } from '../../programs/index.ts';
import type { ImageFile } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { noFileAmong } from '../no-file.ts';
import { formatPlatform, type Platform, suitability } from '../platform.ts';
import type { OpenImage, ReadOptions } from '../readable-image.ts';
import { formatReference, type ImageReference } from '../reference.ts';
import { type Container, type Engine, failed, look } from './container.ts';
import { inspect, type Local, plain } from './inspection.ts';

interface EngineOptions extends ReadOptions {
  readonly platform: Platform;
  /** Only what the engine has already. */
  readonly mayPull?: boolean;
}

/**
 * An image as a container engine on this machine has it; pulled by the engine, with its logins, if it has not. Files are
 * copied out of a container that is made and never run, so that nothing of the image is executed.
 *
 * @throws UserError `SPACECTL_PROGRAM_MISSING`, `SPACECTL_PROGRAM_FAILED`, `SPACECTL_NO_IMAGE` for another platform
 */
export async function openEngineImage(
  reference: ImageReference,
  engine: Engine,
  { platform, signal, mayPull = true, report = () => {} }: EngineOptions,
): Promise<OpenImage> {
  let local = await inspect(engine, reference, signal);
  if (!local) {
    const name = formatReference(reference);
    if (!mayPull) throw failed(engine, `does not have ${name}`, '');
    report(`Pulling ${name} with ${engine}`);
    const pull = await runProgram(engine, ['pull', '--platform', formatPlatform(platform), plain(reference)], {
      signal,
    });
    if (pull.exitCode !== 0) throw failed(engine, `cannot pull ${name}`, pull.stderr);
    local = await inspect(engine, reference, signal);
    if (!local) throw failed(engine, `does not have ${name}, which it has just pulled`, '');
  }
  if (suitability(local.platform, platform) === 0) throw otherPlatform(engine, local, platform);
  const { container, remove } = await create(engine, local, signal);
  return {
    ...local,
    source: engine,
    async readFirstFile(paths, options) {
      const [file] = await readFiles(container, local.reference, paths, { ...options, isFirstEnough: true });
      return file as ImageFile;
    },
    readFiles: (paths, options) => readFiles(container, local.reference, paths, options),
    close: remove,
  };
}

async function readFiles(
  container: Container,
  reference: string,
  paths: readonly string[],
  { signal, report = () => {}, isFirstEnough = false }: ReadOptions & { isFirstEnough?: boolean },
): Promise<readonly ImageFile[]> {
  const files: ImageFile[] = [];
  for (const path of paths) {
    report(`Looking for ${path}`);
    const found = await follow({ ...container, signal }, path);
    if (!found || found.bytes.length === 0) continue;
    files.push({ path, ...found, verifiedLayers: [], unverifiedLayers: [] });
    if (isFirstEnough) break;
  }
  if (files.length === 0) throw noFileAmong(reference, paths, '');
  return files;
}

/** Follows a path through a container as Linux would with the image's root as its own. */
async function follow(
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
    const seen = await look(container, own);
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

/** Makes a container, and makes sure that it goes away again. */
async function create(
  engine: Engine,
  { reference, imageId }: Local,
  signal: AbortSignal,
): Promise<{ container: Container; remove: () => Promise<void> }> {
  const name = `spacectl-${crypto.randomUUID()}`;
  const remove = async () => {
    // Not with the user's signal: this is what is left to do once they have stopped the program.
    const own = { signal: AbortSignal.timeout(30_000) };
    await runProgram(engine, ['rm', '--force', '--volumes', name], own).catch(() => {});
    isRemoved();
  };
  const isRemoved = undoIfStopped(remove);
  try {
    // Images with neither command nor entry point need one to be named; it is never run.
    const args = ['create', '--name', name, '--network', 'none', imageId, 'never-run'];
    const { exitCode, stderr } = await runProgram(engine, args, { signal });
    if (exitCode !== 0) throw failed(engine, `cannot make a container of ${reference}`, stderr);
    return { container: { engine, name, signal, seen: new Map() }, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function otherPlatform(engine: Engine, { reference, platform }: Local, wanted: Platform): UserError {
  const own = formatPlatform(platform);
  const message = `${engine} has ${reference} for ${own}, not for ${formatPlatform(wanted)}`;
  return new UserError('SPACECTL_NO_IMAGE', message, { suggestions: [`--platform ${own}`] });
}
