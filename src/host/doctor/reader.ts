import type { ClientMap } from '../../ca-bundle/index.ts';
import { UserError } from '../../core/errors.ts';
import type { Environment, KeyState, NewestLauncher } from '../../launcher/index.ts';
import type { folderTokenState, NamedSpacectl } from '../../spacelift/index.ts';

/** A file, directory or socket; links are followed. */
export interface Entry {
  readonly kind: 'file' | 'directory' | 'socket' | 'other';
  /** Permission bits, with set-user-ID, set-group-ID and sticky. */
  readonly mode: number;
  readonly owner: number;
  readonly group: number;
  /** Bytes. */
  readonly size: number;
  readonly modified: Date;
}

/** Space of the file system that holds a path. */
export interface Space {
  /** Number of the file system: two paths on one have the same. */
  readonly device: number;
  /** Bytes that users other than root can still write. */
  readonly free: number;
  readonly total: number;
  /** Share of inodes that are free, 0 to 1; 1 on file systems that do not limit them. */
  readonly freeInodes: number;
}

/** How a program ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** How a server answered. */
export interface Answer {
  readonly status: number;
  /** The server's clock. */
  readonly date: Date | undefined;
  readonly certificate: { readonly issuer: string; readonly notAfter: Date } | undefined;
}

/** An image that a container engine of the machine has. */
export interface EngineImage {
  readonly program: 'docker' | 'podman';
  /** The engine's address: a URL, `unix:///PATH` for a socket. */
  readonly host: string;
  /** `sha256:…` */
  readonly id: string;
}

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string>>;

/**
 * Everything that the doctor reads of a machine and of the servers it uses; no other code of the doctor touches either.
 * Tests pass a recorded machine. Nothing is changed, except that `run` may start a container that removes itself.
 */
export interface HostReader {
  readonly now: Date;
  /** The time now, in milliseconds since 1970: an answer takes a while. */
  clock(): number;
  readonly isRoot: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Bytes. */
  readonly memory: number;
  readonly processors: number;
  /** Reads a file. @returns `undefined` if it does not exist @throws UserError `SPACECTL_CANNOT_READ` */
  read(file: string): Promise<Buffer | undefined>;
  /** @returns `undefined` if it does not exist or cannot be seen */
  entry(path: string): Promise<Entry | undefined>;
  /** Reads where a symbolic link leads. @returns `undefined` if there is no link, or if it cannot be read */
  link(path: string): Promise<string | undefined>;
  /** Lists a directory. @returns nothing if it cannot be read */
  list(directory: string): Promise<readonly string[]>;
  /** @returns `undefined` if the path does not exist */
  space(path: string): Promise<Space | undefined>;
  /** Runs a program. @returns `undefined` if it is not installed @throws UserError if it does not end in time */
  run(program: string, args: readonly string[], environment?: Variables): Promise<Ran | undefined>;
  /** Sends a HEAD request, with the proxies and CA certificates in `settings`. @throws UserError `SPACECTL_UNREACHABLE` */
  ask(url: string, settings: Variables): Promise<Answer>;
  /** Asks the key server for the key that signs launchers. @throws UserError as `describeSigningKey` */
  signingKey(settings: Variables): Promise<KeyState>;
  /** Asks the download host for the newest launcher. @throws UserError as `describeNewestLauncher` */
  newestLauncher(
    release: { readonly environment: Environment; readonly domain: string },
    settings: Variables,
  ): Promise<NewestLauncher>;
  /**
   * Finds out which clients of an image in a container engine see a bundle that is mounted over some paths. The image is
   * read, which takes a second or more for each 500 MB, and not started.
   *
   * @throws UserError if the engine fails, or takes too long
   */
  clientsOf(image: EngineImage, mountPaths: readonly string[]): Promise<ClientMap>;
  /** Compares the token in the pool's directory with Spacelift's. */
  poolToken(): ReturnType<typeof folderTokenState>;
  /** Finds the programs called spacectl on the `PATH`. */
  namesakes(): Promise<readonly NamedSpacectl[]>;
}

/** Reports whether an error is one that a check can report; an interruption is not. */
export function isReportable(error: unknown): error is UserError {
  return error instanceof UserError && error.code !== 'SPACECTL_INTERRUPTED';
}
