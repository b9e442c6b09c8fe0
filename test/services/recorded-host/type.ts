import type { Answer, Entry, HostReader, Ran } from '../../../src/host/doctor/reader.ts';

/** A file, directory or socket of a recorded host. */
export interface RecordedFile extends Entry {
  readonly bytes: Buffer;
}

/** Properties of a unit, as `systemctl show` prints them. */
export type UnitProperties = Record<string, string>;

/** A program of a recorded host: what it prints and how it ends. */
export type Program = (args: readonly string[]) => Partial<Omit<Ran, 'stdout'>> & { readonly stdout?: string };

/** A host that exists only in memory. Tests change it to break it; the doctor reads it as it reads a machine. */
export interface RecordedHost extends HostReader {
  readonly files: Map<string, RecordedFile>;
  readonly links: Map<string, string>;
  readonly units: Map<string, UnitProperties>;
  readonly programs: Map<string, Program>;
  /** Bytes free by directory; others have plenty. */
  readonly free: Map<string, { free: number; freeInodes?: number }>;
  /** Servers that do not answer as they should. */
  readonly servers: Map<string, () => Answer>;
  /** What the machine itself says, to be replaced. */
  readonly says: {
    isRoot: boolean;
    memory: number;
    processors: number;
    ahead: number;
    key: { expiresAt?: Date; isRevoked: boolean };
    newest: { sha256: string; signedAt: Date };
    namesakes: Awaited<ReturnType<HostReader['namesakes']>>;
    poolToken: Awaited<ReturnType<HostReader['poolToken']>>;
    clients: Awaited<ReturnType<HostReader['clientsOf']>>;
  };
  put(file: string, content: string | Buffer, attributes?: Partial<Entry>): void;
  /** Changes owner, group or mode. */
  change(file: string, attributes: Partial<Entry>): void;
  edit(file: string, edit: (text: string) => string): void;
  /** Changes a file as an installation does: it is recorded. */
  install(file: string, edit: (text: string) => string): void;
  /** Changes the launcher's settings and starts it with them. */
  set(name: string, value: string): void;
  /** Starts the launcher again: it has the installed settings. */
  restart(): void;
  show(unit: string, properties: UnitProperties): void;
  dropIn(text: string): void;
}

export const NOW = new Date();
/** So many days ago. */
export const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
export const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
export const GIGABYTE = 1024 ** 3;
export const PID = 4242;
export const DOCKER_GROUP = 999;
export const USER = 1983;

/** Where the install record is. */
export const RECORD = '/var/lib/spacectl/host.json';

/** Attributes of a directory. */
export const directory = (mode = 0o755, owner = 0) => ({ kind: 'directory', mode, owner, group: owner }) as const;
