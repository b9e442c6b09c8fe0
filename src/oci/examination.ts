/** What to find out about an image, besides the files to read from it. */
export interface Questions {
  /** Absolute paths. */
  readonly paths: readonly string[];
  /** Files to find by name, wherever they are. */
  readonly files: readonly FileQuestion[];
}

/** Regular expressions, as text: a thread gets them, and cache keys contain them. */
export interface FileQuestion {
  /** For the whole name of a file. */
  readonly name: string;
  /** For what to find in its content, read as Latin-1: the first group counts. A match has at most 255 characters. */
  readonly text?: string;
  /**
   * Where such files usually are, in groups: read one by one, up to the first group that has any, where files cannot be
   * found by name. A container engine gives files only by their paths.
   */
  readonly usualPaths?: readonly (readonly string[])[];
}

/** What was found out about an image. */
export interface Examination {
  /** Where each path leads. Texts in files that are absolute paths are looked up too. */
  readonly paths: Readonly<Record<string, PathTarget>>;
  readonly files: readonly FoundFile[];
  /** Whether all layers were read: the image has no other files with these names. */
  readonly isComplete: boolean;
}

/** Where a path leads. `unknown`: layers that were not read decide. */
export type PathTarget =
  | { readonly kind: 'file'; readonly resolvedPath: string; readonly size: number }
  | { readonly kind: 'directory'; readonly resolvedPath: string }
  | { readonly kind: 'absent' | 'unknown' };

/** A file that was found by its name. */
export interface FoundFile {
  readonly path: string;
  /** Texts in its content, each once. */
  readonly texts: readonly string[];
}

/** What is known of an image of which nothing was read. */
export const NOT_EXAMINED: Examination = { paths: {}, files: [], isComplete: false };
