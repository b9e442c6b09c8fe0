import { programOutput, streamProgram } from '../../programs/index.ts';
import type { FileQuestion, FoundFile, PathTarget } from '../examination.ts';
import { fileNotFound } from '../file-not-found.ts';
import type { Examined, Image, ImageFile } from '../image.ts';
import { findTexts } from '../layers/find-texts.ts';
import type { ExamineOptions } from '../readable-image.ts';
import { baseName, toByteName } from '../tar/paths.ts';
import { TarReader } from '../tar/reader.ts';
import { type Container, contentAt, engineError, isKnownAhead } from './container.ts';
import { readDirectory } from './directory.ts';
import type { LocalImage } from './inspection.ts';
import { lookUp, lookUpLink } from './lookup.ts';

/** Has most of what decides where clients look, and is small: one copy is faster than looking up the paths in it. */
const READ_WHOLE = '/etc';

/**
 * Reads files from a container, and answers questions about its image as far as few copies of single paths allow: every
 * one runs the engine's program. Files are looked for where they usually are, and other clients stay unknown.
 *
 * @throws UserError `SPACECTL_NO_BUNDLE` if no path leads to a file; as `findEntry`
 */
export async function examineByPaths(
  container: Container,
  reference: string,
  paths: readonly string[],
  { signal, report = () => {}, questions, isFirstEnough = false, isOptional = false }: ExamineOptions,
): Promise<Examined> {
  const own = { ...container, signal };
  const targets: Record<string, PathTarget> = {};
  const find = async (path: string) => {
    targets[path] ??= await lookUp(own, path);
    return targets[path];
  };
  if (questions) await readDirectory(own, READ_WHOLE, new Set(paths.map((path) => baseName(toByteName(path)))));
  const files: ImageFile[] = [];
  for (const path of paths) {
    report(`Looking for ${path}`);
    const target = await find(path);
    if (target.kind !== 'file' || target.size === 0) continue;
    const { resolvedPath } = target;
    const bytes = (await contentAt(own, resolvedPath)) ?? Buffer.alloc(0);
    files.push({ path, resolvedPath, bytes, verifiedLayers: [], unverifiedLayers: [] });
    if (isFirstEnough) break;
  }
  if (files.length === 0 && !isOptional) throw fileNotFound(reference, paths, '');
  const found = await findUsual(own, questions?.files ?? []);
  const asked = questions?.paths.filter((path) => isKnownAhead(own, path)) ?? [];
  const named = found.flatMap(({ texts }) => texts).filter((text) => text.startsWith('/'));
  for (const path of asked) await find(path);
  for (const path of named) targets[path] ??= await lookUpLink(own, path);
  return { files, examination: { paths: targets, files: found, isComplete: false } };
}

/** Finds files where they usually are. */
async function findUsual(container: Container, questions: readonly FileQuestion[]): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const { usualPaths = [], text = '' } of questions) {
    for (const group of usualPaths) {
      const read = await Promise.all(group.map((path) => findTextsAt(container, path, text)));
      const present = read.filter((each) => each !== undefined);
      found.push(...present);
      if (present.length > 0) break;
    }
  }
  return found;
}

/** Finds texts in a file, whatever links lead to it. @returns `undefined` if it does not exist */
async function findTextsAt(
  { engine, name, signal }: Container,
  path: string,
  pattern: string,
): Promise<FoundFile | undefined> {
  const texts = new Set<string>();
  let isFile = false;
  const tar = new TarReader(({ kind }) => {
    isFile ||= kind === 'file';
    return kind === 'file' ? findTexts(pattern, texts) : undefined;
  });
  const take = (chunk: Buffer) => {
    tar.write(chunk);
    return 'more' as const;
  };
  // Podman always follows a link at the end of the path, and has no option for it.
  const options = engine.isPodman ? [] : ['--follow-link'];
  await streamProgram(engine.program, ['cp', ...options, `${name}:${path}`, '-'], take, { signal });
  return isFile ? { path, texts: [...texts] } : undefined;
}

/**
 * Reads files from a container and answers all questions about its image, of which every byte is read: the engine exports it.
 *
 * @throws UserError `SPACECTL_NO_BUNDLE` if no path leads to a file; `SPACECTL_PROGRAM_FAILED`
 */
export async function examineWhole(
  container: Container,
  local: Pick<LocalImage, 'reference' | 'imageId' | 'platform' | 'size'>,
  paths: readonly string[],
  { cache: _, ...options }: ExamineOptions,
): Promise<Examined> {
  const { examineImage } = await import('../read-file.ts');
  const { files, examination } = await examineImage(exported(container, local), paths, options);
  const read = files.map(({ path, resolvedPath, bytes }) => ({ path, resolvedPath, bytes }));
  return { files: read.map((each) => ({ ...each, verifiedLayers: [], unverifiedLayers: [] })), examination };
}

/** Makes an image of one layer of what an engine exports. */
function exported(
  { engine, name }: Container,
  { reference, imageId, platform, size }: Pick<LocalImage, 'reference' | 'imageId' | 'platform' | 'size'>,
): Image {
  async function* open(signal: AbortSignal): AsyncGenerator<Buffer> {
    // `podman export` cannot write to the kind of pipe that Node makes (it opens /dev/stdout again).
    const args = engine.isPodman ? ['cp', `${name}:/`, '-'] : ['export', name];
    const { exitCode, stderr } = yield* programOutput(engine.program, args, { signal });
    if (exitCode !== 0) throw engineError(engine, `copying the files failed for ${reference}`, stderr);
  }
  const layer = {
    digest: imageId,
    digestIsOf: 'image' as const,
    size,
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    open: async (signal: AbortSignal) => open(signal),
  };
  return { reference, platform, layers: [layer], close() {} };
}
