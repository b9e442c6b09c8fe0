import { UserError } from '../../core/errors.ts';
import { toSafeLine } from '../../core/safe-line.ts';
import type { Advice } from '../../core/suggestion.ts';
import { streamProgram } from '../../programs/index.ts';
import { badImage } from '../bad-image.ts';
import { LIMITS } from '../limits.ts';
import { cleanPath, fromByteName, toByteName } from '../tar/paths.ts';
import { type TarEntry, TarReader } from '../tar/reader.ts';

/** What is at a path of a container; links are not followed. */
export type ContainerEntry =
  /** Without `bytes`, its content was not kept. */
  | { readonly kind: 'file'; readonly size: number; readonly bytes?: Buffer }
  | { readonly kind: 'symbolic link'; readonly target: string }
  | { readonly kind: 'directory' }
  | { readonly kind: 'other' };

/** A container engine, by the name of its program. */
export interface Engine {
  readonly program: 'docker' | 'podman';
  /** Whether it is Podman, which `docker` is where the package podman-docker is installed, or talks to. */
  readonly isPodman: boolean;
}

/** A container that has never run, to copy files from. */
export interface Container {
  readonly engine: Engine;
  readonly name: string;
  readonly signal: AbortSignal;
  /** Entries read so far: paths share their directories, and every lookup runs the engine's program. */
  readonly entries: Map<string, ContainerEntry | undefined>;
  /** Directories that were read with all that is below them, and the paths there that have to be looked up all the same. */
  readonly whole: Map<string, ReadonlySet<string>>;
}

/**
 * Finds what is at a path, none of whose parents is a link. `undefined` if the path does not exist.
 *
 * @throws UserError `SPACECTL_PROGRAM_FAILED`, `SPACECTL_BAD_IMAGE` for a file that is too large for a trust store
 */
export async function findEntry(container: Container, path: string): Promise<ContainerEntry | undefined> {
  const { entries } = container;
  if (!entries.has(path) && !isKnownAhead(container, path)) entries.set(path, await readEntry(container, path));
  return entries.get(path);
}

/** Reads the content of a file that `findEntry` has found. @throws UserError as `findEntry` */
export async function contentAt(container: Container, path: string): Promise<Buffer | undefined> {
  const known = await findEntry(container, path);
  if (known?.kind !== 'file') return undefined;
  if (known.bytes) return known.bytes;
  const read = await readEntry(container, path);
  container.entries.set(path, read);
  return read?.kind === 'file' ? read.bytes : undefined;
}

/** Reports whether a path is in a directory that was read as a whole, whether or not it exists. */
export function isKnownAhead({ whole }: Container, path: string): boolean {
  return [...whole].some(([directory, unclear]) => path.startsWith(`${directory}/`) && !unclear.has(path));
}

/**
 * Reads what is at a path; the engine follows links among its parents, inside the container. `undefined` if it does not exist.
 * @throws UserError as `findEntry`
 */
export async function readEntry(container: Container, path: string): Promise<ContainerEntry | undefined> {
  const components = cleanPath(path);
  const name = toByteName(components.at(-1) ?? '');
  // `podman cp` silently follows a link at the end of the path; in a copy of its directory, links are links.
  if (!container.engine.isPodman || components.length < 2) return copy(container, path, () => true);
  const isMeant = (entry: TarEntry) => {
    const own = cleanPath(entry.name);
    return own.length === 2 && own[1] === name;
  };
  const seen = await copy(container, `/${components.slice(0, -1).join('/')}`, isMeant);
  return seen === 'hard link' ? copy(container, path, () => true) : seen;
}

async function copy(container: Container, path: string, isMeant: () => true): Promise<ContainerEntry | undefined>;
async function copy(
  container: Container,
  path: string,
  isMeant: (entry: TarEntry) => boolean,
): Promise<ContainerEntry | 'hard link' | undefined>;
async function copy(
  { engine, name, signal }: Container,
  path: string,
  isMeant: (entry: TarEntry) => boolean,
): Promise<ContainerEntry | 'hard link' | undefined> {
  let seen: ContainerEntry | 'hard link' | undefined;
  let missing = 0;
  const tar = new TarReader((entry) => {
    if (seen || !isMeant(entry)) return undefined;
    const { kind, size, linkName } = entry;
    if (kind === 'symbolic link') seen = { kind, target: fromByteName(linkName) };
    else if (kind === 'hard link') seen = kind;
    else if (kind !== 'file') seen = { kind };
    else {
      if (size > LIMITS.fileBytes) {
        throw badImage(`${path} has ${size} bytes; the limit for a trust store is ${LIMITS.fileBytes}`);
      }
      const bytes = Buffer.alloc(size);
      seen = { kind, size, bytes };
      missing = size;
      return (chunk) => {
        chunk.copy(bytes, size - missing);
        missing -= chunk.length;
      };
    }
    return undefined;
  });
  const take = (chunk: Buffer) => {
    tar.write(chunk);
    return seen && missing === 0 ? 'enough' : 'more';
  };
  const { exitCode, stderr, isCut } = await streamProgram(engine.program, ['cp', `${name}:${path}`, '-'], take, {
    signal,
  });
  if (missing > 0) throw engineError(engine, `cp failed for ${path}`, stderr);
  if (isCut || exitCode === 0) return seen;
  // Nothing was copied. If the engine still knows the container, the path does not exist.
  const check = await streamProgram(engine.program, ['container', 'inspect', name], () => 'more', { signal });
  if (check.exitCode !== 0) throw engineError(engine, `cp failed for ${path}`, stderr);
  return undefined;
}

/** Creates the error for an engine that failed, with the last line of its output. */
export function engineError(
  { program }: Pick<Engine, 'program'>,
  what: string,
  stderr: string,
  suggestions: readonly Advice[] = [],
): UserError {
  const why = toSafeLine(stderr.split('\n').at(-1) ?? '');
  return new UserError('SPACECTL_PROGRAM_FAILED', `${program} ${what}${why ? `: ${why}` : ''}`, { suggestions });
}
