import { UserError } from '../../core/errors.ts';
import { streamProgram } from '../../programs/index.ts';
import { badImage } from '../bad-image.ts';
import { LIMITS } from '../limits.ts';
import { cleanPath } from '../tar/paths.ts';
import { type TarEntry, TarReader } from '../tar/reader.ts';

/** What is at one path of a container, links not followed. */
export type Seen =
  | { readonly kind: 'file'; readonly bytes: Buffer }
  | { readonly kind: 'symbolic link'; readonly target: string }
  | { readonly kind: 'directory' }
  | { readonly kind: 'other' };

export type Engine = 'docker' | 'podman';

/** A container that has never run, to copy files out of. */
export interface Container {
  readonly engine: Engine;
  readonly name: string;
  readonly signal: AbortSignal;
  /** What has been looked at already: paths share their folders, and every look is a run of the engine's program. */
  readonly seen: Map<string, Seen | undefined>;
}

/**
 * Looks at one path, none of whose parents is a link. `undefined` where there is nothing.
 *
 * @throws UserError `SPACECTL_PROGRAM_FAILED`, `SPACECTL_BAD_IMAGE` for a file that is too large to be a trust store
 */
export async function look(container: Container, path: string): Promise<Seen | undefined> {
  if (!container.seen.has(path)) container.seen.set(path, await lookAgain(container, path));
  return container.seen.get(path);
}

async function lookAgain(container: Container, path: string): Promise<Seen | undefined> {
  const components = cleanPath(path);
  const name = components.at(-1) ?? '';
  // `podman cp` follows a link at the end of the path, and says nothing of it; in a directory it shows links as they are.
  if (container.engine === 'docker' || components.length < 2) return copy(container, path, () => true);
  const isMeant = (entry: TarEntry) => {
    const own = cleanPath(entry.name);
    return own.length === 2 && own[1] === name;
  };
  const seen = await copy(container, `/${components.slice(0, -1).join('/')}`, isMeant);
  return seen === 'hard link' ? copy(container, path, () => true) : seen;
}

async function copy(container: Container, path: string, isMeant: () => true): Promise<Seen | undefined>;
async function copy(
  container: Container,
  path: string,
  isMeant: (entry: TarEntry) => boolean,
): Promise<Seen | 'hard link' | undefined>;
async function copy(
  { engine, name, signal }: Container,
  path: string,
  isMeant: (entry: TarEntry) => boolean,
): Promise<Seen | 'hard link' | undefined> {
  let seen: Seen | 'hard link' | undefined;
  let missing = 0;
  const tar = new TarReader((entry) => {
    if (seen || !isMeant(entry)) return undefined;
    const { kind, size, linkName } = entry;
    if (kind === 'symbolic link') seen = { kind, target: linkName };
    else if (kind === 'hard link') seen = kind;
    else if (kind !== 'file') seen = { kind };
    else {
      if (size > LIMITS.fileBytes) throw badImage(`${path} has ${size} bytes: too much for a trust store`);
      const bytes = Buffer.alloc(size);
      seen = { kind, bytes };
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
  const { exitCode, stderr, isCut } = await streamProgram(engine, ['cp', `${name}:${path}`, '-'], take, { signal });
  if (missing > 0) throw failed(engine, `cannot copy ${path}`, stderr);
  if (isCut || exitCode === 0) return seen;
  // Nothing came. If the container can be asked at all, nothing is there.
  const check = await streamProgram(engine, ['container', 'inspect', name], () => 'more', { signal });
  if (check.exitCode !== 0) throw failed(engine, `cannot copy ${path}`, stderr);
  return undefined;
}

/** The error for an engine that says no: its own last line says why. */
export function failed(engine: Engine, what: string, stderr: string): UserError {
  const why = stderr
    .split('\n')
    .at(-1)
    ?.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');
  return new UserError('SPACECTL_PROGRAM_FAILED', `${engine} ${what}${why ? `: ${why}` : ''}`);
}
