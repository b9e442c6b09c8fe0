import { readPackageFile } from '../../src/core/package-files.ts';

/** Descriptions of all commands, by id. The build writes them, so that help loads no command. */
export type Manifest = Readonly<Record<string, CommandInfo>>;

/** Description of a command. */
export interface CommandInfo {
  readonly summary: string;
  readonly description?: string | undefined;
  /** Complete command lines. */
  readonly examples: readonly string[];
  readonly arguments: readonly ArgumentInfo[];
  /** In the order help shows them. */
  readonly flags: readonly FlagInfo[];
  /** What it reads in spacectl.yaml: flags by their places, `section.key`. */
  readonly places: Readonly<Record<string, string>>;
  /** The names of its secrets, of which only their files may be named in spacectl.yaml. */
  readonly secrets: readonly string[];
}

/** Description of a positional argument. */
export interface ArgumentInfo {
  readonly name: string;
  readonly summary: string;
  readonly isRepeated: boolean;
}

/** Description of a flag. */
export interface FlagInfo {
  readonly name: string;
  readonly char?: string | undefined;
  readonly summary: string;
  readonly description?: string | undefined;
  /** Placeholder for its value; a boolean flag has none. */
  readonly value?: string | undefined;
  readonly isRepeated: boolean;
  /** Whether `--no-NAME` turns it off. */
  readonly isNegatable: boolean;
  /** Group that help lists it in; the common flags have none. */
  readonly group?: string | undefined;
}

/** Reads the JSON Schema of `spacectl.yaml`, which the build writes. */
export function readSchema(): string {
  return readPackageFile('dist/spacectl.schema.json');
}

/** Reads the manifest of the built program. */
export function readManifest(): Manifest {
  return JSON.parse(readPackageFile('dist/commands.json')) as Manifest;
}
