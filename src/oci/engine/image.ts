import { UserError } from '../../core/errors.ts';
import { undoIfStopped } from '../../core/unfinished.ts';
import { LONG_TIMEOUT, runProgram } from '../../programs/index.ts';
import type { ImageFile } from '../image.ts';
import type { EngineImage } from '../location.ts';
import { formatPlatform, type Platform, rankPlatform } from '../platform.ts';
import type { OpenImage, ReadOptions } from '../readable-image.ts';
import { formatReference } from '../reference.ts';
import { type Container, type Engine, engineError } from './container.ts';
import { examineByPaths, examineWhole } from './examine.ts';
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
  const { size: _, ...shown } = local;
  return {
    ...shown,
    source: program,
    async readFirstFile(paths, options) {
      const { files } = await examineByPaths(container, local.reference, paths, { ...options, isFirstEnough: true });
      return files[0] as ImageFile;
    },
    environment: async () => variables,
    async examine(paths, options) {
      if (options.isThorough) return examineWhole(container, local, paths, options);
      return examineByPaths(container, local.reference, paths, options);
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
    return { container: { engine, name, signal, entries: new Map(), whole: new Map() }, remove };
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
