import { readFileSync } from 'node:fs';

/** What the commands say about themselves, by id. The build writes it, so that help loads no command. */
export type Manifest = Readonly<Record<string, CommandInfo>>;

export interface CommandInfo {
  readonly summary: string;
  readonly description?: string | undefined;
  /** Command lines as they are typed. */
  readonly examples: readonly string[];
  readonly arguments: readonly ArgumentInfo[];
  /** In the order help shows them. */
  readonly flags: readonly FlagInfo[];
  /** What an answers file may hold for it. */
  readonly keys: readonly string[];
}

export interface ArgumentInfo {
  readonly name: string;
  readonly summary: string;
  readonly isRepeated: boolean;
}

export interface FlagInfo {
  readonly name: string;
  readonly char?: string | undefined;
  readonly summary: string;
  readonly description?: string | undefined;
  /** What its value is called; a flag without one is on or off. */
  readonly value?: string | undefined;
  readonly isRepeated: boolean;
  /** Whether `--no-NAME` turns it off. */
  readonly isNegatable: boolean;
  /** The group that help lists it in; the common flags have none. */
  readonly group?: string | undefined;
}

/** Reads the manifest, which lies beside the built program. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(new URL('./commands.json', import.meta.url), 'utf8')) as Manifest;
}
