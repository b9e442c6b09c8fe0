import { readPackageFile } from '../../src/core/package-files.ts';

/** What help and completion know of the program. The build writes it, so that they load no command (manifest-file.ts). */
export interface Manifest {
  /** What each command does in one line, by id. */
  readonly summaries: Readonly<Record<string, string>>;
  /** By id. */
  readonly commands: Commands;
  /** What flags are about, in the order in which help lists them. */
  readonly sections: readonly SectionInfo[];
}

/** Descriptions of all commands, by id. */
export type Commands = Readonly<Record<string, CommandInfo>>;

/** Description of a command. */
export interface CommandInfo {
  readonly summary: string;
  readonly description?: string | undefined;
  /** Complete command lines. */
  readonly examples: readonly string[];
  readonly arguments: readonly ArgumentInfo[];
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
  /** Whether it has to be given where nothing can be asked. */
  readonly isRequired: boolean;
  readonly choices?: readonly string[] | undefined;
  /** Placeholder, as of a flag: says whether it names a file. */
  readonly value?: string | undefined;
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
  readonly choices?: readonly string[] | undefined;
  readonly default?: string | undefined;
  /** The environment variables that stand for it, ours first. */
  readonly variables: readonly string[];
  /** The id of the section that it is about. The command's own flags have none, and are common. */
  readonly section?: string | undefined;
  /** The targets that it is for, if it is for several. */
  readonly targets?: readonly string[] | undefined;
  /** Whether the short help explains it. */
  readonly isCommon: boolean;
}

/** What flags are about: a section of spacectl.yaml, or one of those below. */
export interface SectionInfo {
  readonly id: string;
  /** A word or two, as in a heading: `CA bundle`. */
  readonly title: string;
  /** One line, without a full stop. */
  readonly about: string;
}

/** Section of flags that several targets have, but not all. */
export const SEVERAL = 'several targets';

/** Section of the flags that every command has. */
export const GLOBAL = 'general';

/** Reads the JSON Schema of `spacectl.yaml`, which the build writes. */
export function readSchema(): string {
  return readPackageFile('dist/spacectl.schema.json');
}
